// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_PRINCIPAL_H_
#define SERVER_BASE_PRINCIPAL_H_

#include <string>

namespace dissectd::server {

// Who makes a call. What the daemon shares between calls, it shares between
// calls of one principal only. All callers are anonymous as long as the daemon
// authenticates none.
struct Principal {
  // Never empty, and unique: it may be a part of keys.
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
