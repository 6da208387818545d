// SPDX-License-Identifier: Apache-2.0

#include "clients/cpp/address_text.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstdint>
#include <cstring>
#include <vector>

namespace dissectd {
namespace {

// Copies exactly `size` bytes, or zeros.
template <size_t kSize>
void CopyExactly(absl::string_view bytes, unsigned char (&out)[kSize]) {
  if (bytes.size() == kSize) {
    std::memcpy(out, bytes.data(), kSize);
  } else {
    std::memset(out, 0, kSize);
  }
}

// Returns BER's base-128 numbers. Bytes after the last complete one do not
// count.
std::vector<uint64_t> SplitIdentifier(absl::string_view ber) {
  std::vector<uint64_t> parts;
  uint64_t part = 0;
  for (const unsigned char byte : ber) {
    part = part << 7 | (byte & 0x7f);
    if (byte & 0x80) continue;
    parts.push_back(part);
    part = 0;
  }
  return parts;
}

}  // namespace

void AppendIpv4(absl::string_view bytes, OutputBuffer* out) {
  unsigned char address[4];
  CopyExactly(bytes, address);
  for (int i = 0; i < 4; ++i) {
    if (i > 0) out->Append('.');
    out->AppendUnsigned(address[i]);
  }
}

void AppendIpv6(absl::string_view bytes, OutputBuffer* out) {
  unsigned char address[16];
  CopyExactly(bytes, address);
  char* text = out->Reserve(INET6_ADDRSTRLEN);
  if (inet_ntop(AF_INET6, address, text, INET6_ADDRSTRLEN) != nullptr) {
    out->Commit(std::strlen(text));
  }
}

void AppendGuid(absl::string_view bytes, OutputBuffer* out) {
  unsigned char guid[16];
  CopyExactly(bytes, guid);
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out->Append('-');
    out->AppendHex(guid[i], 2);
  }
}

void AppendObjectIdentifier(absl::string_view ber, OutputBuffer* out) {
  std::vector<uint64_t> parts = SplitIdentifier(ber);
  if (parts.empty()) {
    out->Append('0');
    return;
  }
  // The first number holds the first two parts.
  const uint64_t root = parts[0] >= 80 ? 2 : parts[0] / 40;
  parts[0] -= root * 40;
  for (const uint64_t part : parts) {
    if (part > UINT32_MAX) return;
  }
  out->AppendUnsigned(root);
  for (const uint64_t part : parts) {
    out->Append('.');
    out->AppendUnsigned(part);
  }
}

void AppendRelativeObjectIdentifier(absl::string_view ber, OutputBuffer* out) {
  const std::vector<uint64_t> parts = SplitIdentifier(ber);
  for (const uint64_t part : parts) {
    if (part > UINT32_MAX) return;
  }
  for (const uint64_t part : parts) {
    out->Append('.');
    out->AppendUnsigned(part);
  }
}

void AppendSystemId(absl::string_view bytes, OutputBuffer* out) {
  const size_t size = bytes.size();
  if (size == 0 || size > 15) {
    out->Append("<Invalid length of SYSTEM ID>");
    return;
  }
  if (size >= 6 && size <= 8) {
    for (size_t i = 0; i < size; ++i) {
      if (i == 2 || i == 4 || i == 6) out->Append('.');
      if (i == 7) out->Append('-');
      out->AppendHexBytes(bytes.substr(i, 1));
    }
    return;
  }
  out->AppendHexBytes(bytes.substr(0, 4));
  if (size >= 4) {
    out->Append('.');
    out->AppendHexBytes(bytes.substr(4));
  }
}

}  // namespace dissectd
