// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/kernel_interfaces.h"

#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/unique_fd.h"

namespace dissectd::server {
namespace {

constexpr char kNetDev[] = "/proc/net/dev";

constexpr size_t kHeaderLines = 2;

// The columns after a name: `bytes packets errs drop fifo frame compressed
// multicast` for received packets, then `bytes packets errs drop fifo colls
// carrier compressed` for sent ones.
constexpr size_t kCounters = 16;

absl::StatusOr<std::string> ReadNetDev() {
  const UniqueFd file(open(kNetDev, O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return errors::FileSystemError(kNetDev, errno);
  std::string text;
  std::array<char, 16384> buffer;
  ssize_t size;
  while ((size = read(file.get(), buffer.data(), buffer.size())) > 0) {
    text.append(buffer.data(), size);
  }
  if (size < 0) return errors::FileSystemError(kNetDev, errno);
  return text;
}

absl::Status ParseLine(absl::string_view line, KernelInterfaces* interfaces) {
  const auto malformed = [line] {
    return absl::InternalError(
        absl::StrCat(kNetDev, " has the line \"", line, "\""));
  };
  const size_t colon = line.rfind(':');
  if (colon == absl::string_view::npos) return malformed();
  const absl::string_view name =
      absl::StripAsciiWhitespace(line.substr(0, colon));
  const std::vector<absl::string_view> fields =
      absl::StrSplit(line.substr(colon + 1), ' ', absl::SkipEmpty());
  if (name.empty() || fields.size() < kCounters) return malformed();
  std::array<uint64_t, kCounters> numbers;
  for (size_t i = 0; i < kCounters; ++i) {
    if (!absl::SimpleAtoi(fields[i], &numbers[i])) return malformed();
  }
  v1::KernelCounters& counters = (*interfaces)[std::string(name)].counters;
  counters.set_received_bytes(numbers[0]);
  counters.set_received_packets(numbers[1]);
  counters.set_received_errors(numbers[2]);
  counters.set_received_dropped(numbers[3]);
  counters.set_sent_bytes(numbers[8]);
  counters.set_sent_packets(numbers[9]);
  counters.set_sent_errors(numbers[10]);
  counters.set_sent_dropped(numbers[11]);
  return absl::OkStatus();
}

// Adds to interfaces that are known already.
absl::Status AddStates(KernelInterfaces* interfaces) {
  ifaddrs* addresses = nullptr;
  if (getifaddrs(&addresses) != 0) {
    return errors::FileSystemError("The interfaces can't be listed", errno);
  }
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(addresses,
                                                               freeifaddrs);
  for (const ifaddrs* entry = addresses; entry != nullptr;
       entry = entry->ifa_next) {
    // Each interface has one entry of this family; those of others are skipped.
    if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_PACKET) {
      continue;
    }
    const auto interface = interfaces->find(entry->ifa_name);
    if (interface == interfaces->end()) continue;
    sockaddr_ll link;
    std::memcpy(&link, entry->ifa_addr, sizeof(link));
    interface->second.index = link.sll_ifindex;
    interface->second.up = (entry->ifa_flags & IFF_UP) != 0;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<KernelInterfaces> ParseNetDev(absl::string_view text) {
  KernelInterfaces interfaces;
  size_t line_number = 0;
  for (const absl::string_view line :
       absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    if (line_number++ < kHeaderLines) continue;
    RETURN_IF_ERROR(ParseLine(line, &interfaces));
  }
  return interfaces;
}

absl::StatusOr<KernelInterfaces> ReadKernelInterfaces() {
  ASSIGN_OR_RETURN(const std::string text, ReadNetDev());
  ASSIGN_OR_RETURN(KernelInterfaces interfaces, ParseNetDev(text));
  RETURN_IF_ERROR(AddStates(&interfaces));
  return interfaces;
}

}  // namespace dissectd::server
