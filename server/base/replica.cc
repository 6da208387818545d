// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/replica.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/base/random_id.h"

namespace dissectd::server {
namespace {

// As many as a label of a host name may have.
constexpr size_t kMaxNameBytes = 63;

std::string& MutableReplica() {
  static auto* const kReplica = new std::string();
  return *kReplica;
}

// Returns what comes before the separator if it can be a replica; empty
// otherwise.
absl::string_view ReplicaBefore(absl::string_view text) {
  const size_t end = text.find(kReplicaSeparator);
  if (end == absl::string_view::npos) return {};
  const absl::string_view name = text.substr(0, end);
  return IsReplicaName(name) ? name : absl::string_view();
}

}  // namespace

bool IsReplicaName(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxNameBytes && text.front() != '-' &&
         text.back() != '-' &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return absl::ascii_isalnum(c) || c == '-';
         });
}

void SetReplica(absl::string_view name) {
  MutableReplica() = std::string(name);
}

const std::string& Replica() { return MutableReplica(); }

std::string WithReplica(absl::string_view text) {
  if (Replica().empty()) return std::string(text);
  const std::string prefix =
      absl::StrCat(Replica(), std::string(1, kReplicaSeparator));
  return absl::StartsWith(text, prefix) ? std::string(text)
                                        : absl::StrCat(prefix, text);
}

absl::string_view ReplicaIn(absl::string_view resource) {
  absl::ConsumePrefix(&resource, "files/");
  for (const absl::string_view collection :
       {"captures/", "sessions/", "uploads/", "exports/"}) {
    if (absl::ConsumePrefix(&resource, collection)) {
      return ReplicaBefore(resource);
    }
  }
  return {};
}

bool IsOfOtherReplica(absl::string_view resource) {
  if (Replica().empty()) return false;
  const absl::string_view replica = ReplicaIn(resource);
  return !replica.empty() && replica != Replica();
}

std::string NewResourceId() { return WithReplica(NewRandomId()); }

bool IsResourceId(absl::string_view text) {
  const absl::string_view replica = ReplicaBefore(text);
  if (!replica.empty()) text.remove_prefix(replica.size() + 1);
  return IsRandomId(text);
}

}  // namespace dissectd::server
