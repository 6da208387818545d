// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURE_LISTS_H_
#define SERVER_CAPTURE_CAPTURE_LISTS_H_

#include <vector>

#include "absl/status/status.h"
#include "dissectd/v1/capture.pb.h"
#include "server/capture/capture_history.h"

// Pages of captures and their files. A page has at most the number of items
// that was asked for, and ends earlier if it would otherwise be too large for
// clients with gRPC's default limits.
namespace dissectd::server {

// Adds a page of these captures, in the order of their creation. Errors:
// PAGE_SIZE_NEGATIVE, PAGE_TOKEN_INVALID.
absl::Status ListCaptures(const std::vector<const v1::Capture*>& captures,
                          const v1::ListCapturesRequest& request,
                          v1::ListCapturesResponse* response);

// Adds a page of a capture's files, the oldest first. Errors: as ListCaptures.
absl::Status ListCaptureFiles(const CaptureHistory& history,
                              const v1::ListCaptureFilesRequest& request,
                              v1::ListCaptureFilesResponse* response);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURE_LISTS_H_
