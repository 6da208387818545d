// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_EXTCAP_EXTCAP_ERRORS_H_
#define SERVER_EXTCAP_EXTCAP_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// The errors of extcap programs and their arguments.
namespace dissectd::server::errors {

// `why` completes a sentence about the argument.
absl::Status ExtcapArgumentInvalid(absl::string_view interface,
                                   absl::string_view argument,
                                   absl::string_view why);
// The operator allows an interface that no program in `folder` has now.
absl::Status ExtcapUnavailable(absl::string_view interface,
                               absl::string_view folder);
// Below, `program` is the path of the program.
//
// It has failed: `how` completes a sentence about it, and `output` is what it
// has printed on standard error.
absl::Status ExtcapFailed(absl::string_view program, absl::string_view how,
                          absl::string_view output);
// It didn't answer, or sent no packets; `output` is as above.
absl::Status ExtcapHangs(absl::string_view program, absl::string_view output);

}  // namespace dissectd::server::errors

#endif  // SERVER_EXTCAP_EXTCAP_ERRORS_H_
