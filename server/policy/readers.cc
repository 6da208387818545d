// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/policy/readers.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/error.h"
#include "server/policy/principal_name.h"

namespace dissectd::server {
namespace {

// Bounds a note of FileOwners; who needs more can use a group.
constexpr int kMaxReaders = 100;
constexpr size_t kMaxReaderBytes = 256;

absl::Status ReadersInvalid(absl::string_view why) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("The readers are invalid: ", why),
                   {"READERS_INVALID", {}, {}});
}

// Returns the readers in one list that aren't in another.
std::vector<std::string> Missing(const std::vector<std::string>& readers,
                                 const std::vector<std::string>& others) {
  std::vector<std::string> missing;
  for (const std::string& reader : readers) {
    if (std::find(others.begin(), others.end(), reader) == others.end()) {
      missing.push_back(reader);
    }
  }
  return missing;
}

}  // namespace

absl::Status CheckReaders(
    const google::protobuf::RepeatedPtrField<std::string>& readers) {
  if (readers.size() > kMaxReaders) {
    return ReadersInvalid(absl::StrCat("there are ", readers.size(),
                                       "; the limit is ", kMaxReaders, "."));
  }
  for (const std::string& reader : readers) {
    if (reader.empty()) return ReadersInvalid("one is empty.");
    if (reader.size() > kMaxReaderBytes) {
      return ReadersInvalid("one is too long.");
    }
    const std::string why = WhyNoPrincipal(reader);
    if (!why.empty()) {
      return ReadersInvalid(absl::StrCat("\"", reader, "\" ", why, "."));
    }
  }
  return absl::OkStatus();
}

ReadersChange ChangeOfReaders(const std::vector<std::string>& before,
                              const std::vector<std::string>& now) {
  return {Missing(now, before), Missing(before, now)};
}

}  // namespace dissectd::server
