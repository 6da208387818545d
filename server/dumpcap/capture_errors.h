// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DUMPCAP_CAPTURE_ERRORS_H_
#define SERVER_DUMPCAP_CAPTURE_ERRORS_H_

#include <chrono>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// The errors of live capture, as server/errors.h has the others.
namespace dissectd::server::errors {

// dumpcap as a program.
absl::Status DumpcapMissing(absl::string_view program);
absl::Status DumpcapTooOld(absl::string_view version);
absl::Status DumpcapHangs(absl::string_view program);
// It said what is no message, or a message at the wrong time.
absl::Status DumpcapProtocolError(absl::string_view what);
// It ended without a reason.
absl::Status DumpcapFailed(absl::string_view how);
absl::Status DumpcapEndedUnasked();

// What dumpcap says when it can't capture, or fails while it does: an error of
// its own reason for each kind that is known, DUMPCAP_FAILED for others.
// `dumpcap` is its path, for what to grant if rights are missing.
absl::Status DumpcapError(absl::string_view primary,
                          absl::string_view secondary,
                          const std::string& dumpcap);

// Requests.
absl::Status CaptureOptionInvalid(absl::string_view option,
                                  absl::string_view why);
absl::Status CaptureFilterInvalid(uint32_t interface_index,
                                  absl::string_view message);
absl::Status InterfaceNotFound(absl::string_view name);
absl::Status LinkTypeUnknown(absl::string_view name);
absl::Status CaptureRunning(absl::string_view name);
absl::Status CaptureHasNoFile(absl::string_view name);
absl::Status IntervalInvalid();
absl::Status TooManyCaptures(uint32_t limit);

}  // namespace dissectd::server::errors

#endif  // SERVER_DUMPCAP_CAPTURE_ERRORS_H_
