// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DUMPCAP_CAPTURE_ERRORS_H_
#define SERVER_DUMPCAP_CAPTURE_ERRORS_H_

#include <chrono>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// The errors of live capture; server/base/errors.h has the others.
namespace dissectd::server::errors {

// Errors of running dumpcap.
absl::Status DumpcapMissing(absl::string_view program);
// Returns why dumpcap wasn't started, which was found before: `why` if it has
// nothing to do with dumpcap, otherwise DUMPCAP_MISSING.
absl::Status DumpcapNotStarted(const absl::Status& why,
                               absl::string_view program);
// The program exists, but the daemon may not execute it. `path` is its path;
// the message says which right is missing, and how to grant it.
absl::Status DumpcapNotExecutable(const std::string& path);
absl::Status DumpcapTooOld(absl::string_view version);
absl::Status DumpcapHangs(absl::string_view program);
// dumpcap sent something that isn't a message, or a message at the wrong time.
absl::Status DumpcapProtocolError(absl::string_view what);
// dumpcap ended without reporting a reason.
absl::Status DumpcapFailed(absl::string_view how);
absl::Status DumpcapEndedUnasked();
// capture-keeper ended before its dumpcap.
absl::Status DumpcapKeeperLost();

// Returns the error for a message that dumpcap has sent when it couldn't
// capture or failed later: with a reason of its own for each known kind,
// otherwise DUMPCAP_FAILED. `dumpcap` is its path, which the advice on missing
// capabilities needs.
absl::Status DumpcapError(absl::string_view primary,
                          absl::string_view secondary,
                          const std::string& dumpcap);

// Errors of requests.
absl::Status CaptureOptionInvalid(absl::string_view option,
                                  absl::string_view why);
absl::Status CaptureFilterInvalid(uint32_t interface_index,
                                  absl::string_view message);
absl::Status InterfaceNotFound(absl::string_view name);
absl::Status LinkTypeUnknown(absl::string_view name);
absl::Status CaptureRunning(absl::string_view name);
// The capture takes no packets from the caller; `why` completes a sentence
// about it.
absl::Status CaptureNotFed(absl::string_view name, absl::string_view why);
// Another call has sent packets.
absl::Status CaptureFed(absl::string_view name);
absl::Status CaptureHasNoFile(absl::string_view name);
absl::Status IntervalInvalid();
absl::Status TooManyCaptures(uint32_t limit);

}  // namespace dissectd::server::errors

#endif  // SERVER_DUMPCAP_CAPTURE_ERRORS_H_
