// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/follow_text.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/epan/handles.h"
#include "core/epan/tap_data.h"

namespace dissectd::engine {
namespace {

constexpr size_t kBytesPerLine = 16;
constexpr size_t kBytesPerBase64Line = 57;
constexpr size_t kFrameWidth = 67;

char PrintableOrDot(char c) { return c >= ' ' && c <= '~' ? c : '.'; }

std::string Plain(absl::string_view bytes) {
  std::string text(bytes);
  for (char& c : text) {
    if (c != '\r' && c != '\n') c = PrintableOrDot(c);
  }
  return text;
}

// Replaces what isn't ASCII before it decodes, as tshark does: the letters of
// EBCDIC are lost.
std::string FromEbcdic(absl::string_view bytes) {
  std::string text = Plain(bytes);
  for (char& c : text) {
    c = static_cast<char>(EBCDIC_to_ASCII1(static_cast<guint8>(c)));
  }
  return Plain(text);
}

std::string AddressText(const address& endpoint) {
  const WmemCharPtr text(address_to_str(nullptr, &endpoint));
  return text.get();
}

std::string NodeText(const address& endpoint, guint port) {
  const std::string host = AddressText(endpoint);
  return endpoint.type == AT_IPv6 ? absl::StrCat("[", host, "]:", port)
                                  : absl::StrCat(host, ":", port);
}

// Returns a line of a hex dump without its offset.
std::string HexLine(absl::string_view bytes) {
  constexpr size_t kHalf = kBytesPerLine / 2;
  std::string hex;
  std::string characters;
  for (size_t i = 0; i < kBytesPerLine; ++i) {
    if (i == kHalf) hex += ' ';
    if (i >= bytes.size()) {
      hex += "   ";
      continue;
    }
    absl::StrAppendFormat(&hex, "%02x ", static_cast<unsigned char>(bytes[i]));
    characters += PrintableOrDot(bytes[i]);
    if (i + 1 == kHalf) characters += ' ';
  }
  // tshark leaves out a blank at the end.
  if (characters.back() == ' ') characters.pop_back();
  return absl::StrCat(hex, " ", characters);
}

std::string HexLines(absl::string_view prefix, absl::string_view bytes,
                     uint32_t offset) {
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += kBytesPerLine) {
    absl::StrAppend(
        &text, prefix,
        absl::StrFormat("%08X  ", offset + static_cast<uint32_t>(i)),
        HexLine(bytes.substr(i, kBytesPerLine)), "\n");
  }
  return text;
}

std::string Base64Lines(absl::string_view bytes) {
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += kBytesPerBase64Line) {
    absl::StrAppend(&text, "      ",
                    absl::Base64Escape(bytes.substr(i, kBytesPerBase64Line)),
                    "\n");
  }
  return text;
}

std::string YamlHead(const follow_info_t& info) {
  constexpr char kPeer[] = "  - peer: %d\n    host: %s\n    port: %u\n";
  return absl::StrCat(
      "peers:\n",
      absl::StrFormat(kPeer, 0, AddressText(info.client_ip), info.client_port),
      absl::StrFormat(kPeer, 1, AddressText(info.server_ip), info.server_port),
      "packets:\n");
}

std::string YamlRecord(const follow_record_t& record, absl::string_view bytes) {
  // tshark's times have the precision of a double.
  return absl::StrCat(
      absl::StrFormat("  - packet: %u\n    peer: %d\n    timestamp: %.9f\n"
                      "    data: !!binary |\n",
                      record.packet_num, record.is_server ? 1 : 0,
                      nstime_to_sec(&record.abs_ts)),
      Base64Lines(bytes));
}

std::string Frame() { return std::string(kFrameWidth, '=') + "\n"; }

}  // namespace

std::string FollowText::Head(absl::string_view protocol,
                             const follow_info_t& info) const {
  if (mode_ == FollowMode::kYaml) return YamlHead(info);
  return absl::StrCat(
      "\n", Frame(), "Follow: ", protocol, ",", FollowModeName(mode_),
      "\nFilter: ", info.filter_out_filter,
      "\nNode 0: ", NodeText(info.client_ip, info.client_port),
      "\nNode 1: ", NodeText(info.server_ip, info.server_port), "\n");
}

std::string FollowText::Record(const follow_record_t& record, bool shown) {
  const absl::string_view bytes(
      reinterpret_cast<const char*>(record.data->data), record.data->len);
  uint32_t& offset = offsets_[record.is_server ? 1 : 0];
  std::string text;
  if (shown) {
    text = mode_ == FollowMode::kYaml
               ? YamlRecord(record, bytes)
               : Body(record.is_server ? "\t" : "", bytes, offset);
  }
  offset += record.data->len;
  return text;
}

std::string FollowText::Tail() const {
  return mode_ == FollowMode::kYaml ? "" : Frame();
}

std::string FollowText::Body(absl::string_view prefix, absl::string_view bytes,
                             uint32_t offset) const {
  switch (mode_) {
    case FollowMode::kHex:
      return HexLines(prefix, bytes, offset);
    case FollowMode::kAscii:
      return absl::StrCat(prefix, bytes.size(), "\n", Plain(bytes), "\n");
    case FollowMode::kEbcdic:
      return absl::StrCat(prefix, bytes.size(), "\n", FromEbcdic(bytes), "\n");
    case FollowMode::kRaw:
      return absl::StrCat(prefix, absl::BytesToHexString(bytes), "\n");
    case FollowMode::kYaml:
      break;
  }
  return "";
}

}  // namespace dissectd::engine
