// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_statistics/top_protocols.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace dissectd::server {
namespace {

using Protocols = std::vector<v1::ProtocolCount>;

// Compares names last, so that the order is deterministic.
bool HasMorePackets(const v1::ProtocolCount& a, const v1::ProtocolCount& b) {
  return std::make_tuple(b.packets(), b.bytes(), a.name()) <
         std::make_tuple(a.packets(), a.bytes(), b.name());
}

bool HasMoreBytes(const v1::ProtocolCount& a, const v1::ProtocolCount& b) {
  return std::make_tuple(b.bytes(), b.packets(), a.name()) <
         std::make_tuple(a.bytes(), a.packets(), b.name());
}

}  // namespace

void AddCounts(const v1::CaptureCounts& added, v1::CaptureCounts* counts) {
  counts->set_packets(counts->packets() + added.packets());
  counts->set_bytes(counts->bytes() + added.bytes());
  counts->set_dropped(counts->dropped() + added.dropped());
  std::map<std::string, v1::ProtocolCount*> known;
  for (v1::ProtocolCount& count : *counts->mutable_protocols()) {
    known[count.name()] = &count;
  }
  for (const v1::ProtocolCount& more : added.protocols()) {
    v1::ProtocolCount*& count = known[more.name()];
    if (count == nullptr) count = counts->add_protocols();
    count->set_name(more.name());
    count->set_packets(count->packets() + more.packets());
    count->set_bytes(count->bytes() + more.bytes());
  }
}

void KeepTopProtocols(size_t top, v1::CaptureCounts* counts) {
  Protocols all(counts->protocols().begin(), counts->protocols().end());
  top = std::min(top, all.size());
  const auto end = all.begin() + static_cast<ptrdiff_t>(top);
  std::partial_sort(all.begin(), end, all.end(), HasMorePackets);
  Protocols kept(all.begin(), end);
  // Then adds protocols that are at the top by bytes only.
  std::map<std::string, bool> is_kept;
  for (const v1::ProtocolCount& count : kept) is_kept[count.name()] = true;
  std::partial_sort(all.begin(), end, all.end(), HasMoreBytes);
  std::copy_if(all.begin(), end, std::back_inserter(kept),
               [&is_kept](const v1::ProtocolCount& count) {
                 return !is_kept[count.name()];
               });
  std::sort(kept.begin(), kept.end(), HasMorePackets);
  counts->clear_protocols();
  for (v1::ProtocolCount& count : kept) {
    *counts->add_protocols() = std::move(count);
  }
}

}  // namespace dissectd::server
