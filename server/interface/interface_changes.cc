// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/interface_changes.h"

#include <algorithm>
#include <utility>

namespace dissectd::server {

void InterfaceChanges::Add(const v1::InterfaceChange& change) {
  Kinds& kinds = changes_[change.name()];
  const auto same = std::find(kinds.begin(), kinds.end(), change.kind());
  if (same == kinds.end()) {
    kinds.push_back(change.kind());
  } else {
    // The changes after it lead back to its beginning.
    kinds.erase(same + 1, kinds.end());
  }
  if (kinds.front() == v1::INTERFACE_CHANGE_KIND_APPEARED &&
      kinds.back() == v1::INTERFACE_CHANGE_KIND_GONE) {
    changes_.erase(change.name());
  }
}

std::vector<v1::InterfaceChange> InterfaceChanges::Take() {
  std::vector<v1::InterfaceChange> list;
  for (const auto& [name, kinds] : std::exchange(changes_, {})) {
    for (const v1::InterfaceChangeKind kind : kinds) {
      v1::InterfaceChange& change = list.emplace_back();
      change.set_name(name);
      change.set_kind(kind);
    }
  }
  return list;
}

}  // namespace dissectd::server
