// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SORTED_LISTS_H_
#define SERVER_SESSION_SORTED_LISTS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dissectd::server {

// The orders of a session's lists that were sorted last.
class SortedLists {
 public:
  // The numbers of frames. Never null where it is kept.
  using Order = std::shared_ptr<const std::vector<uint32_t>>;

  // Returns the order of a list; null if it isn't kept.
  Order Find(const std::string& list);
  // Keeps the order of a list, and forgets the ones that weren't used for the
  // longest time if there are too many.
  void Keep(const std::string& list, Order order);

 private:
  struct Kept {
    Order order;
    uint64_t last_use;
  };

  void ForgetOldest();

  std::map<std::string, Kept> kept_;
  // The frames of all orders.
  size_t kept_frames_ = 0;
  uint64_t uses_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_SORTED_LISTS_H_
