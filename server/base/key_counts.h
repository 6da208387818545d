// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_KEY_COUNTS_H_
#define SERVER_BASE_KEY_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

namespace dissectd::server {

// Counts things by a key. Keys without things take no memory.
// Thread-compatible.
class KeyCounts {
 public:
  // Counts one more. Returns false if the key has `limit` already.
  bool Add(const std::string& key, uint32_t limit) {
    const auto found = counts_.find(key);
    if (found == counts_.end()) {
      if (limit == 0) return false;
      counts_.emplace(key, 1);
      return true;
    }
    if (found->second >= limit) return false;
    ++found->second;
    return true;
  }

  // Counts one less.
  void Remove(const std::string& key) {
    const auto found = counts_.find(key);
    if (--found->second == 0) counts_.erase(found);
  }

  // Returns the number of keys.
  size_t size() const { return counts_.size(); }

 private:
  std::unordered_map<std::string, uint32_t> counts_;
};

}  // namespace dissectd::server

#endif  // SERVER_BASE_KEY_COUNTS_H_
