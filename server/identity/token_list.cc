// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/token_list.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "server/identity/plain_name.h"

namespace dissectd::server {
namespace {

constexpr absl::string_view kHashPrefix = "sha256:";
constexpr size_t kMinFields = 2;
constexpr size_t kMaxFields = 4;

struct Line {
  std::string hash;
  TokenOwner owner;
};

absl::Status WrongLine(absl::string_view why) {
  return absl::InvalidArgumentError(why);
}

std::string HashOf(absl::string_view token) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash = {};
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(),
         hash.data());
  return {hash.begin(), hash.end()};
}

absl::StatusOr<std::string> ParseHash(absl::string_view field) {
  std::optional<std::string> hash;
  if (absl::ConsumePrefix(&field, kHashPrefix)) hash = BytesOfHex(field);
  if (!hash.has_value() || hash->size() != SHA256_DIGEST_LENGTH) {
    return WrongLine(
        "the second field isn't \"sha256:\" and 64 hexadecimal digits, as "
        "\"dissectctl token create\" prints them");
  }
  return *std::move(hash);
}

absl::StatusOr<std::vector<std::string>> ParseGroups(absl::string_view field) {
  std::vector<std::string> groups = absl::StrSplit(field, ',');
  if (!std::all_of(groups.begin(), groups.end(), IsPlainName)) {
    return WrongLine("a group has no name, or one that is too long");
  }
  return groups;
}

// A field with a colon is a time: names of groups have none.
absl::Status ParseOptional(absl::string_view field, bool is_last,
                           TokenOwner* owner) {
  if (!absl::StrContains(field, ':')) {
    if (!owner->groups.empty()) {
      return WrongLine(
          "the fourth field isn't a time such as 2030-12-31T00:00:00Z");
    }
    ASSIGN_OR_RETURN(owner->groups, ParseGroups(field));
    return absl::OkStatus();
  }
  std::string error;
  if (!is_last ||
      !absl::ParseTime(absl::RFC3339_full, field, &owner->expiry, &error)) {
    return WrongLine(
        "the last field isn't a time such as 2030-12-31T00:00:00Z");
  }
  return absl::OkStatus();
}

absl::StatusOr<Line> ParseLine(absl::string_view text) {
  const std::vector<absl::string_view> fields =
      absl::StrSplit(text, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  if (fields.size() < kMinFields || fields.size() > kMaxFields) {
    return WrongLine("a line is NAME sha256:HASH [GROUP,...] [EXPIRY]");
  }
  Line line;
  if (!IsPlainName(fields[0])) {
    return WrongLine("the name has characters other than those of ASCII");
  }
  line.owner.name = std::string(fields[0]);
  ASSIGN_OR_RETURN(line.hash, ParseHash(fields[1]));
  for (size_t i = kMinFields; i < fields.size(); ++i) {
    RETURN_IF_ERROR(
        ParseOptional(fields[i], i + 1 == fields.size(), &line.owner));
  }
  return line;
}

}  // namespace

absl::StatusOr<TokenList> TokenList::Parse(absl::string_view content) {
  TokenList list;
  size_t number = 0;
  for (absl::string_view text : absl::StrSplit(content, '\n')) {
    ++number;
    text = absl::StripAsciiWhitespace(text);
    if (text.empty() || text.front() == '#') continue;
    absl::StatusOr<Line> line = ParseLine(text);
    if (line.ok() &&
        !list.owners_by_hash_
             .emplace(std::move(line->hash), std::move(line->owner))
             .second) {
      line = WrongLine("an earlier line has the same token");
    }
    if (!line.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": ", line.status().message()));
    }
  }
  return list;
}

const TokenOwner* TokenList::Find(absl::string_view token) const {
  const auto found = owners_by_hash_.find(HashOf(token));
  return found == owners_by_hash_.end() ? nullptr : &found->second;
}

}  // namespace dissectd::server
