// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_SUBSCRIBERS_H_
#define SERVER_BASE_SUBSCRIBERS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace dissectd::server {

// The subscribers to changes of an object. Used on one thread only.
class Subscribers {
 public:
  // Calls `changed` after each change, until Remove.
  uint64_t Add(std::function<void()> changed) {
    subscribers_[++last_id_] = std::move(changed);
    return last_id_;
  }

  void Remove(uint64_t id) { subscribers_.erase(id); }

  // Subscribers that are called may remove themselves and others.
  void NotifyAll() const {
    std::vector<uint64_t> ids;
    for (const auto& [id, changed] : subscribers_) ids.push_back(id);
    for (const uint64_t id : ids) {
      const auto found = subscribers_.find(id);
      if (found == subscribers_.end()) continue;
      // Calls a copy, as the subscriber may remove itself.
      const std::function<void()> changed = found->second;
      changed();
    }
  }

 private:
  std::map<uint64_t, std::function<void()>> subscribers_;
  uint64_t last_id_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_BASE_SUBSCRIBERS_H_
