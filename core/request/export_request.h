// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_REQUEST_EXPORT_REQUEST_H_
#define CORE_REQUEST_EXPORT_REQUEST_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/epan/packet_writer.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

struct ExportRequest {
  // Only the filter and the range of the view, the options and the read format
  // are used.
  DissectRequest dissect;
  // Which frames of the view to write.
  bool marked_only = false;
  bool without_ignored = false;
  WriteOptions write;
};

// Parses serialised dissectd.v1.WriteOptions. Errors: those of ReadRequest.
absl::StatusOr<WriteOptions> ParseWriteOptions(absl::string_view bytes);

// Parses a serialised dissectd.v1.ExportPacketsRequest; ignores its source.
// Errors: those of ParseDissectRequest.
absl::StatusOr<ExportRequest> ParseExportRequest(absl::string_view bytes);

}  // namespace dissectd::engine

#endif  // CORE_REQUEST_EXPORT_REQUEST_H_
