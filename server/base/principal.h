// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_PRINCIPAL_H_
#define SERVER_BASE_PRINCIPAL_H_

#include <string>
#include <vector>

namespace dissectd::server {

// How a caller proved who it is; dissectd.v1.Authentication.
enum class Authentication {
  kNone,
  kToken,
  kJwt,
  kCertificate,
  kUnixUser,
  kProxy,
};

// The caller of a call. The daemon shares things only between calls of the same
// principal. If the daemon doesn't identify its callers, all are anonymous.
struct Principal {
  // Never empty, and unique, so it can be part of keys. Its beginning tells how
  // the principal was identified, for example `token:alice` or `unix:1000`.
  std::string id = "anonymous";
  Authentication authentication = Authentication::kNone;
  // The groups that a token or certificate names.
  std::vector<std::string> groups;
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
