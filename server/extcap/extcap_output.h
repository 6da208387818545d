// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_EXTCAP_EXTCAP_OUTPUT_H_
#define SERVER_EXTCAP_EXTCAP_OUTPUT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dissectd/v1/capture.pb.h"
#include "server/extcap/extcap_argument.h"

// Parses what extcap programs print, by the rules of Wireshark's extcap: lines
// `KEYWORD {NAME=VALUE}{NAME=VALUE}...`. As there, what isn't such a line is
// ignored, as programs print messages in between. Texts are made valid UTF-8.
namespace dissectd::server {

// An interface of an extcap program.
struct ExtcapInterface {
  std::string name;
  // For people.
  std::string description;
};

// Parses the output of `--extcap-interfaces`: lines `interface`.
std::vector<ExtcapInterface> ParseExtcapInterfaces(absl::string_view out);

// Parses the output of `--extcap-dlts`: lines `dlt`.
std::vector<v1::LinkType> ParseExtcapLinkTypes(absl::string_view out);

// Parses the output of `--extcap-config`: lines `arg`, and `value` for their
// values. Returns at most kMaxExtcapArguments; of several with a name, only the
// first one.
std::vector<ExtcapArgument> ParseExtcapArguments(absl::string_view out);

// Many more than any program has.
inline constexpr size_t kMaxExtcapArguments = 256;

}  // namespace dissectd::server

#endif  // SERVER_EXTCAP_EXTCAP_OUTPUT_H_
