// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_IDENTITY_TOKEN_LIST_H_
#define SERVER_IDENTITY_TOKEN_LIST_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace dissectd::server {

// The principal that a token stands for.
struct TokenOwner {
  std::string name;
  std::vector<std::string> groups;
  absl::Time expiry = absl::InfiniteFuture();
};

// The content of a file of tokens. Each line is
//
//   NAME sha256:HASH [GROUP,...] [EXPIRY]
//
// with the SHA-256 hash of a token in hexadecimal digits, and a time as in RFC
// 3339. Empty lines, and those that begin with `#`, are ignored.
//
// A hash that is made to be slow isn't needed: tokens are random and too long
// to be tried one by one, unlike passwords. And a token is looked up by its
// hash, so that the time of a look-up tells nothing about tokens: who tries to
// learn from it can't choose the hash of what he sends.
class TokenList {
 public:
  // Errors: INVALID_ARGUMENT, with the number of the wrong line and without its
  // content.
  static absl::StatusOr<TokenList> Parse(absl::string_view content);

  // Returns the owner of a token, which may have expired; null if it is
  // unknown.
  const TokenOwner* Find(absl::string_view token) const;

 private:
  absl::flat_hash_map<std::string, TokenOwner> owners_by_hash_;
};

}  // namespace dissectd::server

#endif  // SERVER_IDENTITY_TOKEN_LIST_H_
