// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_EXTCAP_EXTCAP_ARGUMENT_H_
#define SERVER_EXTCAP_EXTCAP_ARGUMENT_H_

#include <google/protobuf/map.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// An argument that an extcap program takes.
struct ExtcapArgument {
  // What clients know of it.
  v1::ExtcapArgument description;
  // How the program is told of it, for example `--remote-host`.
  std::string call;
  // The value that is passed if the client gives none; empty if none is. As in
  // Wireshark, the default among `values` isn't passed: the program knows it.
  std::string passed_default;
  // The range of a number.
  std::optional<double> minimum;
  std::optional<double> maximum;
};

// The values of a client, by the arguments' names.
using ExtcapValues = google::protobuf::Map<std::string, std::string>;

// Whether extcap takes a text for true.
bool IsExtcapTrue(absl::string_view text);

// Adds an option with a value to the words of a command line.
void AddExtcapOption(const std::string& option, const std::string& value,
                     std::vector<std::string>* words);

// Returns the words of the command line for the arguments of an interface, with
// the client's values and the defaults. As in tshark, an argument whose value
// is empty isn't passed. Errors: EXTCAP_ARGUMENT_INVALID.
absl::StatusOr<std::vector<std::string>> ExtcapWords(
    absl::string_view interface, const std::vector<ExtcapArgument>& arguments,
    const ExtcapValues& values);

}  // namespace dissectd::server

#endif  // SERVER_EXTCAP_EXTCAP_ARGUMENT_H_
