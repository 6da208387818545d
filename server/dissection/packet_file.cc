// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissection/packet_file.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "core/ipc/struct_bytes.h"
#include "server/base/errors.h"

namespace dissectd::server {
namespace {

// The format: draft-ietf-opsawg-pcapng. Numbers have the byte order of this
// machine, which the file's first block tells.
enum BlockType : uint32_t {
  kSectionHeader = 0x0A0D0D0A,
  kInterfaceDescription = 1,
  kEnhancedPacket = 6,
};

enum OptionCode : uint16_t {
  kEndOfOptions = 0,
  kComment = 1,
  kInterfaceName = 2,
  kInterfaceDescriptionText = 3,
  kTimeResolution = 9,
};

struct SectionHeader {
  uint32_t byte_order = 0x1A2B3C4D;
  uint16_t major_version = 1;
  uint16_t minor_version = 0;
  // Unknown.
  int64_t section_length = -1;
} __attribute__((packed));

struct InterfaceHeader {
  uint16_t link_type;
  uint16_t reserved;
  // 0: no limit.
  uint32_t snapshot_length;
};

struct PacketHeader {
  uint32_t interface;
  uint32_t time_high;
  uint32_t time_low;
  uint32_t captured_length;
  uint32_t original_length;
};

struct OptionHeader {
  uint16_t code;
  uint16_t length;
};

constexpr uint32_t kEthernet = 1;
// The limit of wiretap for most encapsulations.
constexpr size_t kMaxPacketBytes = 256 << 10;
constexpr uint64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr char kNanosecondResolution = 9;

// Blocks and options begin at multiples of four bytes.
void Pad(std::string* bytes) { bytes->resize((bytes->size() + 3) / 4 * 4); }

void AppendOption(OptionCode code, absl::string_view value,
                  std::string* bytes) {
  if (value.empty()) return;
  const absl::string_view cut =
      value.substr(0, std::numeric_limits<uint16_t>::max());
  const OptionHeader header = {code, static_cast<uint16_t>(cut.size())};
  absl::StrAppend(bytes, ipc::BytesOf(header), cut);
  Pad(bytes);
}

void EndOptions(std::string* bytes) {
  const OptionHeader header = {kEndOfOptions, 0};
  absl::StrAppend(bytes, ipc::BytesOf(header));
}

void AppendBlock(BlockType type, absl::string_view body, std::string* bytes) {
  // The type, and the length at both ends.
  const auto length = static_cast<uint32_t>(body.size() + 3 * sizeof(uint32_t));
  const uint32_t number = type;
  absl::StrAppend(bytes, ipc::BytesOf(number), ipc::BytesOf(length), body,
                  ipc::BytesOf(length));
}

// Returns the nanoseconds since 1970.
absl::StatusOr<uint64_t> Nanoseconds(const v1::Packet& packet,
                                     uint64_t number) {
  constexpr uint64_t kMaxSeconds =
      std::numeric_limits<uint64_t>::max() / kNanosecondsPerSecond - 1;
  const int64_t seconds = packet.time().seconds();
  const int32_t nanos = packet.time().nanos();
  if (!packet.has_time() || seconds < 0 || nanos < 0 ||
      static_cast<uint64_t>(seconds) > kMaxSeconds) {
    return errors::PacketInvalid(
        number, "its time is missing, or isn't between 1970 and 2554");
  }
  return static_cast<uint64_t>(seconds) * kNanosecondsPerSecond +
         static_cast<uint64_t>(nanos);
}

}  // namespace

absl::Status PacketFile::Append(const v1::PacketBatch& batch,
                                std::string* bytes) {
  if (batch.interfaces().empty() && batch.packets().empty()) {
    return absl::OkStatus();
  }
  if (!begun_) {
    begun_ = true;
    const SectionHeader header;
    AppendBlock(kSectionHeader, ipc::BytesOf(header), bytes);
  }
  for (const v1::PacketInterface& interface : batch.interfaces()) {
    RETURN_IF_ERROR(AppendInterface(interface, bytes));
  }
  for (const v1::Packet& packet : batch.packets()) {
    RETURN_IF_ERROR(AppendPacket(packet, bytes));
  }
  return absl::OkStatus();
}

absl::Status PacketFile::AppendInterface(const v1::PacketInterface& interface,
                                         std::string* bytes) {
  if (interface.link_type() == 0 ||
      interface.link_type() > std::numeric_limits<uint16_t>::max()) {
    return errors::PacketInvalid(
        packets_ + 1,
        absl::StrCat("interface ", interfaces_, " has the link type ",
                     interface.link_type(), ", which doesn't exist"));
  }
  ++interfaces_;
  const InterfaceHeader header = {static_cast<uint16_t>(interface.link_type()),
                                  0, 0};
  std::string body(ipc::BytesOf(header));
  AppendOption(kInterfaceName, interface.name(), &body);
  AppendOption(kInterfaceDescriptionText, interface.description(), &body);
  AppendOption(kTimeResolution, absl::string_view(&kNanosecondResolution, 1),
               &body);
  EndOptions(&body);
  AppendBlock(kInterfaceDescription, body, bytes);
  return absl::OkStatus();
}

absl::Status PacketFile::AppendPacket(const v1::Packet& packet,
                                      std::string* bytes) {
  if (interfaces_ == 0) {
    v1::PacketInterface ethernet;
    ethernet.set_link_type(kEthernet);
    RETURN_IF_ERROR(AppendInterface(ethernet, bytes));
  }
  ++packets_;
  if (packet.interface_number() >= interfaces_) {
    return errors::PacketInvalid(
        packets_, absl::StrCat("interface ", packet.interface_number(),
                               " isn't described"));
  }
  const size_t size = packet.data().size();
  if (size > kMaxPacketBytes) {
    return errors::PacketInvalid(
        packets_, absl::StrCat("it has ", size, " bytes; the limit is ",
                               kMaxPacketBytes));
  }
  ASSIGN_OR_RETURN(const uint64_t time, Nanoseconds(packet, packets_));
  const auto captured = static_cast<uint32_t>(size);
  const PacketHeader header = {packet.interface_number(),
                               static_cast<uint32_t>(time >> 32),
                               static_cast<uint32_t>(time), captured,
                               std::max(captured, packet.original_length())};
  std::string body = absl::StrCat(ipc::BytesOf(header), packet.data());
  Pad(&body);
  if (!packet.comment().empty()) {
    AppendOption(kComment, packet.comment(), &body);
    EndOptions(&body);
  }
  AppendBlock(kEnhancedPacket, body, bytes);
  return absl::OkStatus();
}

}  // namespace dissectd::server
