// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/node_list.h"

#include <cstddef>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/fleet/node_names.h"

namespace dissectd::server {
namespace {

// Returns the host of HOST:PORT, without the brackets of an IPv6 address; empty
// if it isn't such an address.
std::string HostOf(absl::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos || colon + 1 == address.size()) {
    return "";
  }
  absl::string_view host = address.substr(0, colon);
  if (absl::StartsWith(host, "[") && absl::EndsWith(host, "]")) {
    host = host.substr(1, host.size() - 2);
  }
  return std::string(host);
}

absl::StatusOr<NodeAddress> ParseLine(const std::vector<std::string>& words) {
  const std::string& address = words.back();
  const std::string host = HostOf(address);
  if (host.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", address, "\" is neither HOST:PORT nor unix:/PATH"));
  }
  const std::string& name = words.size() > 1 ? words.front() : host;
  if (!IsNodeId(name)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", name,
        "\" can't be the name of a node, which has letters, digits and "
        "characters of ._:-"));
  }
  return NodeAddress{name, address};
}

}  // namespace

absl::StatusOr<std::vector<NodeAddress>> ParseNodeList(absl::string_view text) {
  std::vector<NodeAddress> nodes;
  std::set<std::string> names;
  size_t number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    const std::vector<std::string> words =
        absl::StrSplit(line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    if (words.empty() || absl::StartsWith(words[0], "#")) continue;
    absl::StatusOr<NodeAddress> node =
        words.size() > 2
            ? absl::InvalidArgumentError("a line is NAME ADDRESS, or ADDRESS")
            : ParseLine(words);
    if (node.ok() && !names.insert(node->name).second) {
      node = absl::InvalidArgumentError(absl::StrCat(
          "there is another node with the name \"", node->name, "\""));
    }
    if (!node.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": ", node.status().message()));
    }
    nodes.push_back(*std::move(node));
  }
  return nodes;
}

}  // namespace dissectd::server
