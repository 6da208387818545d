// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/extcap/extcap_errors.h"

#include <chrono>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "server/base/base_name.h"

namespace dissectd::server::errors {
namespace {

using Code = absl::StatusCode;

// A program that hangs usually does so for some seconds.
constexpr std::chrono::seconds kRetryDelay(1);

// Returns the end of a sentence with what a program has printed.
std::string WithOutput(absl::string_view output) {
  const absl::string_view text = absl::StripAsciiWhitespace(output);
  return text.empty() ? "." : absl::StrCat(": ", text);
}

}  // namespace

absl::Status ExtcapArgumentInvalid(absl::string_view interface,
                                   absl::string_view argument,
                                   absl::string_view why) {
  return MakeError(
      Code::kInvalidArgument,
      absl::StrCat("The argument \"", argument, "\" of the interface \"",
                   interface, "\" ", why, "."),
      {"EXTCAP_ARGUMENT_INVALID",
       {{"interface", std::string(interface)},
        {"argument", std::string(argument)}},
       {}});
}

absl::Status ExtcapUnavailable(absl::string_view interface,
                               absl::string_view folder) {
  return MakeError(
      Code::kFailedPrecondition,
      absl::StrCat("No extcap program in \"", folder, "\" has the interface \"",
                   interface, "\" now."),
      {"EXTCAP_UNAVAILABLE", {{"interface", std::string(interface)}}, {}});
}

absl::Status ExtcapFailed(absl::string_view program, absl::string_view how,
                          absl::string_view output) {
  return MakeError(
      Code::kFailedPrecondition,
      absl::StrCat("The extcap program \"", BaseName(program), "\" ", how,
                   WithOutput(output)),
      {"EXTCAP_FAILED", {{"program", std::string(BaseName(program))}}, {}});
}

absl::Status ExtcapHangs(absl::string_view program, absl::string_view output) {
  return WithRetryDelay(
      MakeError(
          Code::kUnavailable,
          absl::StrCat("The extcap program \"", BaseName(program),
                       "\" doesn't answer", WithOutput(output)),
          {"EXTCAP_HANGS", {{"program", std::string(BaseName(program))}}, {}}),
      kRetryDelay);
}

}  // namespace dissectd::server::errors
