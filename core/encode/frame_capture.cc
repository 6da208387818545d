// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/frame_capture.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "core/epan/wireshark.h"
#include "core/ipc/struct_bytes.h"

// The format is that of draft-ietf-opsawg-pcapng, in the machine's byte order.
namespace dissectd::engine {
namespace {

constexpr uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr uint32_t kInterfaceDescription = 1;
constexpr uint32_t kEnhancedPacket = 6;

constexpr uint16_t kEndOfOptions = 0;
constexpr uint16_t kComment = 1;
constexpr uint16_t kTimeResolution = 9;
constexpr char kNanoseconds = 9;

constexpr size_t kMaxCommentBytes = 1000;

// Returns a link-layer type that wiretap reads as this encapsulation, or -1 if
// there is none. wiretap exports only the opposite direction.
int LinkTypeOf(int encapsulation) {
  constexpr int kLinkTypes = 1024;
  for (int link_type = 0; link_type < kLinkTypes; ++link_type) {
    if (wtap_pcap_encap_to_wtap_encap(link_type) == encapsulation) {
      return link_type;
    }
  }
  return -1;
}

template <typename T>
void Append(std::string* out, T value) {
  absl::StrAppend(out, ipc::BytesOf(value));
}

// Appends bytes, and zeros up to a multiple of four.
void AppendPadded(std::string* out, absl::string_view bytes) {
  absl::StrAppend(out, bytes);
  out->append((4 - bytes.size() % 4) % 4, '\0');
}

void AppendOption(std::string* out, uint16_t code, absl::string_view value) {
  Append(out, code);
  Append(out, static_cast<uint16_t>(value.size()));
  AppendPadded(out, value);
}

std::string Block(uint32_t type, absl::string_view body) {
  const auto length = static_cast<uint32_t>(body.size() + 3 * sizeof(uint32_t));
  return absl::StrCat(ipc::BytesOf(type), ipc::BytesOf(length), body,
                      ipc::BytesOf(length));
}

std::string Section() {
  constexpr uint32_t kByteOrder = 0x1a2b3c4d;
  constexpr uint16_t kMajorVersion = 1;
  constexpr uint16_t kMinorVersion = 0;
  constexpr int64_t kUnknownLength = -1;
  std::string body;
  Append(&body, kByteOrder);
  Append(&body, kMajorVersion);
  Append(&body, kMinorVersion);
  Append(&body, kUnknownLength);
  return Block(kSectionHeader, body);
}

std::string Interface(int link_type) {
  std::string body;
  Append(&body, static_cast<uint16_t>(link_type));
  Append(&body, uint16_t{0});
  // No limit of the packets' lengths.
  Append(&body, uint32_t{0});
  AppendOption(&body, kTimeResolution, {&kNanoseconds, 1});
  AppendOption(&body, kEndOfOptions, "");
  return Block(kInterfaceDescription, body);
}

std::string Packet(const wtap_rec& rec, absl::string_view bytes,
                   absl::string_view comment) {
  constexpr uint64_t kNanosecondsPerSecond = 1'000'000'000;
  const uint64_t time =
      static_cast<uint64_t>(rec.ts.secs) * kNanosecondsPerSecond +
      static_cast<uint64_t>(rec.ts.nsecs);
  std::string body;
  Append(&body, uint32_t{0});
  Append(&body, static_cast<uint32_t>(time >> 32));
  Append(&body, static_cast<uint32_t>(time));
  Append(&body, static_cast<uint32_t>(bytes.size()));
  Append(&body, uint32_t{rec.rec_header.packet_header.len});
  AppendPadded(&body, bytes);
  AppendOption(&body, kComment, comment.substr(0, kMaxCommentBytes));
  AppendOption(&body, kEndOfOptions, "");
  return Block(kEnhancedPacket, body);
}

}  // namespace

std::string CaptureOfFrame(Record* record, absl::string_view comment) {
  const wtap_rec& rec = *record->rec();
  if (rec.rec_type != REC_TYPE_PACKET) return std::string();
  const wtap_packet_header& header = rec.rec_header.packet_header;
  const int link_type = LinkTypeOf(header.pkt_encap);
  if (link_type < 0 || wtap_encap_requires_phdr(header.pkt_encap)) {
    return std::string();
  }
  const absl::string_view bytes(
      reinterpret_cast<const char*>(ws_buffer_start_ptr(record->bytes())),
      header.caplen);
  return absl::StrCat(Section(), Interface(link_type),
                      Packet(rec, bytes, comment));
}

}  // namespace dissectd::engine
