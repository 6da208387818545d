// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/session_options.h"

#include "absl/strings/str_cat.h"

namespace dissectd::cli {
namespace {

// The options that say how to dissect; not every command has all of them.
constexpr const char* kDissection[] = {"-n",
                                       "-N",
                                       "-d",
                                       "-o",
                                       "-H",
                                       "-K",
                                       "-X",
                                       "-C",
                                       "-t",
                                       "-u",
                                       "--tls-keylog",
                                       "--ssh-keylog",
                                       "--wireguard-keylog",
                                       "--enable-protocol",
                                       "--disable-protocol",
                                       "--enable-heuristic",
                                       "--disable-heuristic"};

}  // namespace

absl::Status NotForSessions(absl::string_view option) {
  return absl::InvalidArgumentError(absl::StrCat(
      option,
      " has no effect on a session, which has its own options: give it to "
      "\"dissectctl session open\"."));
}

absl::Status CheckSessionOptions(const CLI::App& command) {
  for (const char* const name : kDissection) {
    const CLI::Option* const option = command.get_option_no_throw(name);
    if (option != nullptr && option->count() > 0) return NotForSessions(name);
  }
  return absl::OkStatus();
}

}  // namespace dissectd::cli
