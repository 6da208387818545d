// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_INTERFACE_LIST_H_
#define CLIENTS_CLI_INTERFACE_LIST_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/capture.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// The interfaces of the daemon's machine.
//
// Thread-compatible.
class InterfaceList {
 public:
  // Gets the list from the daemon.
  grpc::Status Fetch(const std::shared_ptr<grpc::Channel>& channel);

  const v1::ListInterfacesResponse& interfaces() const { return list_; }

  // Returns the name of an interface given by name or by its number in the
  // list; if `interface` is empty, the name of the first one. Names that are
  // not in the list are left to the daemon. Returns INVALID_ARGUMENT if there
  // is no such number.
  absl::StatusOr<std::string> Resolve(const std::string& text) const;

  // Whether the interface is that of an extcap program.
  bool IsExtcap(absl::string_view name) const;

  // Returns tshark's name of an interface, for example `Loopback: lo`.
  std::string DisplayName(absl::string_view name) const;

  // Returns tshark's short name of an interface, for example `Loopback`.
  std::string ShortName(absl::string_view name) const;

 private:
  // Returns null if no interface has this name.
  const v1::Interface* Find(absl::string_view name) const;

  v1::ListInterfacesResponse list_;
};

// Returns the friendly name of an interface; may be empty.
const std::string& DescriptionOf(const v1::Interface& interface);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_INTERFACE_LIST_H_
