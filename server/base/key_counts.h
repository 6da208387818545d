// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_KEY_COUNTS_H_
#define SERVER_BASE_KEY_COUNTS_H_

#include <cstdint>
#include <string>
#include <unordered_map>

namespace dissectd::server {

// Counts things by a key. Keys without things take no memory.
// Thread-compatible.
class KeyCounts {
 public:
  // Counts one more.
  void Add(const std::string& key) { ++counts_[key]; }

  // Counts one less.
  void Remove(const std::string& key) {
    const auto found = counts_.find(key);
    if (--found->second == 0) counts_.erase(found);
  }

  // Returns the number of things with a key.
  uint32_t Of(const std::string& key) const {
    const auto found = counts_.find(key);
    return found == counts_.end() ? 0 : found->second;
  }

 private:
  std::unordered_map<std::string, uint32_t> counts_;
};

}  // namespace dissectd::server

#endif  // SERVER_BASE_KEY_COUNTS_H_
