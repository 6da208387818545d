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

// Names last, so that the order is the same each time.
bool HasMorePackets(const v1::ProtocolCount& a, const v1::ProtocolCount& b) {
  return std::make_tuple(b.packets(), b.bytes(), a.name()) <
         std::make_tuple(a.packets(), a.bytes(), b.name());
}

bool HasMoreBytes(const v1::ProtocolCount& a, const v1::ProtocolCount& b) {
  return std::make_tuple(b.bytes(), b.packets(), a.name()) <
         std::make_tuple(a.bytes(), a.packets(), b.name());
}

}  // namespace

v1::CaptureCounts CountsSince(const v1::CaptureCounts& before,
                              const v1::CaptureCounts& now) {
  std::map<std::string, const v1::ProtocolCount*> earlier;
  for (const v1::ProtocolCount& count : before.protocols()) {
    earlier[count.name()] = &count;
  }
  v1::CaptureCounts since;
  since.set_packets(now.packets() - before.packets());
  since.set_bytes(now.bytes() - before.bytes());
  since.set_dropped(now.dropped() - before.dropped());
  for (const v1::ProtocolCount& count : now.protocols()) {
    const auto found = earlier.find(count.name());
    const uint64_t packets =
        found == earlier.end() ? 0 : found->second->packets();
    if (count.packets() == packets) continue;
    v1::ProtocolCount* added = since.add_protocols();
    added->set_name(count.name());
    added->set_packets(count.packets() - packets);
    added->set_bytes(count.bytes() -
                     (found == earlier.end() ? 0 : found->second->bytes()));
  }
  return since;
}

void KeepTopProtocols(size_t top, v1::CaptureCounts* counts) {
  Protocols all(counts->protocols().begin(), counts->protocols().end());
  top = std::min(top, all.size());
  const auto end = all.begin() + static_cast<ptrdiff_t>(top);
  std::partial_sort(all.begin(), end, all.end(), HasMorePackets);
  Protocols kept(all.begin(), end);
  // Of the others, those that are at the top by bytes.
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
