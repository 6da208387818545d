// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_LAST_USE_H_
#define SERVER_SESSION_LAST_USE_H_

#include <algorithm>

namespace dissectd::server {

// Returns an iterator to the entry of a map, which isn't empty, whose value has
// the lowest `last_use`.
template <typename Map>
typename Map::iterator LeastRecentlyUsed(Map* kept) {
  return std::min_element(kept->begin(), kept->end(),
                          [](const auto& left, const auto& right) {
                            return left.second.last_use < right.second.last_use;
                          });
}

}  // namespace dissectd::server

#endif  // SERVER_SESSION_LAST_USE_H_
