// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_INTERFACE_CHANGES_H_
#define SERVER_INTERFACE_INTERFACE_CHANGES_H_

#include <map>
#include <string>
#include <vector>

#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// Collects the changes of interfaces over some time. For each interface it
// keeps at most one change of each kind, however often it changes, and none if
// it came and went. Thread-compatible.
class InterfaceChanges {
 public:
  // Adds changes that happened after those that are known.
  void Add(const v1::InterfaceChange& change);

  // Removes and returns the changes, ordered by the interfaces' names.
  std::vector<v1::InterfaceChange> Take();

 private:
  // The changes of one interface; each begins where the one before has led.
  using Kinds = std::vector<v1::InterfaceChangeKind>;

  std::map<std::string, Kinds> changes_;
};

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_INTERFACE_CHANGES_H_
