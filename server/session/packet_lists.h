// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_PACKET_LISTS_H_
#define SERVER_SESSION_PACKET_LISTS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "dissectd/v1/session.pb.h"
#include "server/session/frame_scan.h"
#include "server/session/list_memory.h"
#include "server/session/packet_list.h"

namespace dissectd::server {

// The packet lists of a session that were used last, so that their pages
// needn't be dissected. Used on the loop's thread only.
class PacketLists : private MemoryUser {
 public:
  using ListPtr = std::shared_ptr<PacketList>;

  // `source` is not owned and outlives this. `max_bytes` is the limit of the
  // memory of these lists, and `memory` that of the lists of all sessions.
  PacketLists(const FrameScan::Source* source, size_t max_bytes,
              std::shared_ptr<ListMemory> memory)
      : source_(source), max_bytes_(max_bytes), memory_(std::move(memory)) {}
  ~PacketLists() override { memory_->Remove(this); }
  PacketLists(const PacketLists&) = delete;
  PacketLists& operator=(const PacketLists&) = delete;

  // Returns the list of a request of a session with these edits, as Query has
  // them; null if it isn't kept. The page, the order and the range don't
  // matter.
  ListPtr Find(const v1::ListFramesRequest& request, const std::string& edits);

  // Returns a request for a scan that fills a list. The scan has no list if the
  // list is full, another scan fills it, or its lines would be too long.
  FrameScan::Request BeginScan(const v1::ListFramesRequest& request,
                               const std::string& edits);

  // Called when a page couldn't be made from a list. Makes the list in the
  // background when that happens again, as only one page may be of interest; at
  // once if the list is sorted.
  void MissPage(const v1::ListFramesRequest& request, const std::string& edits);

  // The memory of these lists.
  size_t bytes() const override;
  // Forgets the lists.
  void Drop() override;

 private:
  struct Kept {
    ListPtr list;
    uint64_t last_use = 0;
    uint32_t missed_pages = 0;
  };

  Kept* Keep(const std::string& key);

  const FrameScan::Source* const source_;
  const size_t max_bytes_;
  const std::shared_ptr<ListMemory> memory_;
  // By KeyOf.
  std::map<std::string, Kept> kept_;
  std::unique_ptr<FrameScan> scan_;
  uint64_t uses_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_PACKET_LISTS_H_
