// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/captured_packets.h"

namespace dissectd::server {

void CapturedPackets::Set(absl::string_view name, uint32_t packets) {
  Count& count = counts_[std::string(name)];
  if (count.run != run_) {
    count.run = run_;
    count.raw = 0;
  }
  // Modulo 2^32, so that this is right even if the count has wrapped.
  count.total += static_cast<uint32_t>(packets - count.raw);
  count.raw = packets;
  shown_run_ = run_;
}

std::optional<uint64_t> CapturedPackets::Get(const std::string& name) const {
  const auto count = counts_.find(name);
  if (count == counts_.end() || count->second.run != shown_run_) {
    return std::nullopt;
  }
  return count->second.total;
}

std::set<std::string> CapturedPackets::Names() const {
  std::set<std::string> names;
  for (const auto& [name, count] : counts_) {
    if (count.run == shown_run_) names.insert(name);
  }
  return names;
}

}  // namespace dissectd::server
