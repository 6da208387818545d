// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_CAPTURE_EXPORT_PACKETS_H_
#define CORE_QUERY_CAPTURE_EXPORT_PACKETS_H_

#include "core/query/query.h"

namespace dissectd::engine {

// ExportService.ExportPackets: writes to the context's output, and sends what
// is there then. It changes the process, which can't answer another query.
absl::Status ExportPackets(const QueryContext& context,
                           absl::string_view request, SendResponse send);

// ExportService.ExportPacketsToFile: leaves what it writes to the context's
// output there. The request is an ExportPacketsRequest; the response has no
// file.
absl::Status ExportPacketsToFile(const QueryContext& context,
                                 absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_CAPTURE_EXPORT_PACKETS_H_
