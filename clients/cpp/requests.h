// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_REQUESTS_H_
#define CLIENTS_CPP_REQUESTS_H_

#include <initializer_list>

#include "absl/strings/string_view.h"
#include "dissectd/v1/capture.pb.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd {

// Returns a request to dissect a capture: a file of the store (`files/` may be
// left out), `captures/ID` or `sessions/ID`. An empty filter passes all frames.
v1::DissectRequest DissectCapture(absl::string_view name,
                                  absl::string_view display_filter = "");

// Adds columns, by Wireshark's formats, such as `%s` for the source.
void AddColumns(std::initializer_list<absl::string_view> formats,
                v1::DissectRequest* request);

// Adds fields whose every occurrence is sent.
void AddFields(std::initializer_list<absl::string_view> names,
               v1::DissectRequest* request);

// Adds the whole protocol tree, with labels.
void AddTree(v1::DissectRequest* request);

// Returns a request to capture the packets of an interface that pass a capture
// filter. The capture ends by itself half a minute after nobody reads from it
// any more.
v1::CreateCaptureRequest CaptureFrom(absl::string_view interface,
                                     absl::string_view capture_filter = "");

}  // namespace dissectd

#endif  // CLIENTS_CPP_REQUESTS_H_
