// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_INTERFACE_CHANGES_H_
#define SERVER_INTERFACE_INTERFACE_CHANGES_H_

#include <map>
#include <string>
#include <vector>

#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// What has changed of interfaces over some time. However often they change,
// there is at most one change of each kind for an interface, and nothing for
// one that came and went. Thread-compatible.
class InterfaceChanges {
 public:
  // Adds what happened after all else.
  void Add(const v1::InterfaceChange& change);

  // Returns what has changed, in the order of names, and begins anew.
  std::vector<v1::InterfaceChange> Take();

 private:
  // Each is what the interface came to, so that it led from one to the next.
  using Kinds = std::vector<v1::InterfaceChangeKind>;

  std::map<std::string, Kinds> changes_;
};

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_INTERFACE_CHANGES_H_
