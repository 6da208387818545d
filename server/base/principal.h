// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_PRINCIPAL_H_
#define SERVER_BASE_PRINCIPAL_H_

#include <string>

namespace dissectd::server {

// The caller of a call. The daemon shares things only between calls of the same
// principal. All callers are anonymous, as the daemon doesn't authenticate them
// yet.
struct Principal {
  // Never empty, and unique, so it can be part of keys.
  std::string id = "anonymous";
};

inline bool operator==(const Principal& a, const Principal& b) {
  return a.id == b.id;
}
inline bool operator!=(const Principal& a, const Principal& b) {
  return !(a == b);
}
inline bool operator<(const Principal& a, const Principal& b) {
  return a.id < b.id;
}

}  // namespace dissectd::server

#endif  // SERVER_BASE_PRINCIPAL_H_
