// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/read_format.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "core/base/error.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

// Returns the names of the readers, sorted, which have a text in common.
std::vector<std::string> NamesWith(absl::string_view text) {
  const std::string wanted = absl::AsciiStrToLower(text);
  std::vector<std::string> names;
  for (const open_info* each = open_routines; each->name != nullptr; ++each) {
    if (absl::StrContains(absl::AsciiStrToLower(each->name), wanted)) {
      names.emplace_back(each->name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Names the readers that could be meant; without any that is similar, all of
// them, as far as an error has room.
std::string Suggestions(const std::string& name) {
  std::vector<std::string> names = NamesWith(name);
  if (names.empty()) names = NamesWith("");
  return absl::StrJoin(names, "; ");
}

}  // namespace

absl::StatusOr<unsigned> ReadFormatNumber(const std::string& name) {
  if (name.empty()) return WTAP_TYPE_AUTO;
  const unsigned number = open_info_name_to_type(name.c_str());
  if (number != WTAP_TYPE_AUTO) return number;
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat("There is no read format \"", name,
                   "\". Those that could be meant: ", Suggestions(name)),
      {"READ_FORMAT_UNKNOWN", {{"read_format", name}}, {}});
}

}  // namespace dissectd::engine
