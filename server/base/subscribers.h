// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_SUBSCRIBERS_H_
#define SERVER_BASE_SUBSCRIBERS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "server/base/thread_checker.h"

namespace dissectd::server {

// The subscribers to changes of an object. Used on one thread only, except that
// another one may use it before the first NotifyAll.
class Subscribers {
 public:
  using Changed = absl::AnyInvocable<void()>;

  // Calls `changed` after each change, until Remove.
  uint64_t Add(Changed changed) {
    subscribers_[++last_id_] = std::make_shared<Changed>(std::move(changed));
    return last_id_;
  }

  void Remove(uint64_t id) { subscribers_.erase(id); }

  // Subscribers that are called may remove themselves and others.
  void NotifyAll() const {
    thread_.AssertOnThread();
    std::vector<uint64_t> ids;
    for (const auto& [id, changed] : subscribers_) ids.push_back(id);
    for (const uint64_t id : ids) {
      const auto found = subscribers_.find(id);
      if (found == subscribers_.end()) continue;
      // Keeps the function, as the subscriber may remove itself.
      const std::shared_ptr<Changed> changed = found->second;
      (*changed)();
    }
  }

 private:
  std::map<uint64_t, std::shared_ptr<Changed>> subscribers_;
  uint64_t last_id_ = 0;
  ThreadChecker thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_BASE_SUBSCRIBERS_H_
