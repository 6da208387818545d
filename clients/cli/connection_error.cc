// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/connection_error.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace dissectd::cli {
namespace {

constexpr absl::string_view kOtherServer =
    "Name another one with --server=HOST:PORT or the variable DISSECTD_SERVER.";

std::string& ServerName() {
  static auto& name = *new std::string("the server");
  return name;
}

// Returns the last part of gRPC's message, which is the cause.
absl::string_view CauseOf(absl::string_view error) {
  const size_t colon = error.rfind(": ");
  return colon == absl::string_view::npos ? error : error.substr(colon + 2);
}

}  // namespace

void SetServerName(absl::string_view name) { ServerName() = std::string(name); }

std::string ConnectionErrorText(absl::string_view error) {
  const std::string& server = ServerName();
  const absl::string_view cause = CauseOf(error);
  if (absl::StrContains(error, "DNS resolution failed")) {
    return absl::StrCat("The name of the host in ", server,
                        " can't be resolved: ", cause, ".\n", kOtherServer);
  }
  if (absl::StrContains(absl::AsciiStrToLower(error), "failed to connect")) {
    return absl::StrCat("No daemon answers at ", server, ": ", cause,
                        ".\nStart one with: dissectd --store=DIR\n",
                        kOtherServer);
  }
  return absl::StrCat("The connection to the daemon at ", server,
                      " has ended: ", cause, ".");
}

}  // namespace dissectd::cli
