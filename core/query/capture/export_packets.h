// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_CAPTURE_EXPORT_PACKETS_H_
#define CORE_QUERY_CAPTURE_EXPORT_PACKETS_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers ExportService.ExportPackets: writes to the context's output, then
// sends its contents. Changes the state of the process, which can't answer
// another query.
absl::Status ExportPackets(const QueryContext& context,
                           absl::string_view request, SendResponse send);

// Answers ExportService.ExportPacketsToFile: writes to the context's output
// only. The request is an ExportPacketsRequest; the response has no file.
absl::Status ExportPacketsToFile(const QueryContext& context,
                                 absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_CAPTURE_EXPORT_PACKETS_H_
