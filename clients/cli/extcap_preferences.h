// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_EXTCAP_PREFERENCES_H_
#define CLIENTS_CLI_EXTCAP_PREFERENCES_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/cli/interface_list.h"
#include "dissectd/v1/capture.pb.h"
#include "dissectd/v1/dissection.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// tshark's preferences for the arguments of extcap programs, such as
// `extcap.randpkt.count`. libwireshark doesn't know them on the daemon: they
// become arguments of the interfaces that are captured from.

// Returns the preferences of extcap programs, and removes them from the
// options.
std::vector<v1::PreferenceSetting> TakeExtcapPreferences(
    v1::DissectionOptions* options);

// Returns tshark's name of the preference for an argument.
std::string ExtcapPreferenceName(absl::string_view interface,
                                 absl::string_view argument);

// Sets the preferences as arguments of the interfaces that they are for, unless
// an interface has a value already. Asks the daemon which arguments there are.
// Errors: INVALID_ARGUMENT for an unknown preference; those of the daemon.
grpc::Status ApplyExtcapPreferences(
    const std::shared_ptr<grpc::Channel>& channel, const InterfaceList& list,
    const std::vector<v1::PreferenceSetting>& preferences,
    v1::CaptureOptions* capture);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_EXTCAP_PREFERENCES_H_
