// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/node_names.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/resource_names.h"
#include "server/fleet/fleet_errors.h"

namespace dissectd::server {
namespace {

constexpr absl::string_view kPrefix = "nodes/";
constexpr size_t kMaxIdBytes = 255;

bool IsIdCharacter(unsigned char c) {
  return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == ':' || c == '-';
}

}  // namespace

bool IsNodeId(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxIdBytes && text != "-" &&
         std::all_of(text.begin(), text.end(), IsIdCharacter);
}

std::string NodeName(absl::string_view node) {
  return absl::StrCat(kPrefix, node);
}

absl::StatusOr<std::string> ParseNodeName(absl::string_view name) {
  absl::string_view node = name;
  if (absl::ConsumePrefix(&node, kPrefix) && IsNodeId(node)) {
    return std::string(node);
  }
  return errors::NodeNameInvalid(name);
}

std::string NodeCaptureNameOf(absl::string_view node,
                              absl::string_view capture) {
  return absl::StrCat(kPrefix, node, "/", capture);
}

absl::StatusOr<NodeCaptureName> ParseNodeCaptureName(absl::string_view name) {
  const size_t slash = name.find('/', kPrefix.size());
  if (slash == absl::string_view::npos) return errors::CaptureNotFound(name);
  ASSIGN_OR_RETURN(std::string node, ParseNodeName(name.substr(0, slash)));
  const absl::string_view capture = name.substr(slash + 1);
  if (!ParseCaptureName(capture).ok()) return errors::CaptureNotFound(name);
  return NodeCaptureName{std::move(node), std::string(capture)};
}

}  // namespace dissectd::server
