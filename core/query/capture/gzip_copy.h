// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_CAPTURE_GZIP_COPY_H_
#define CORE_QUERY_CAPTURE_GZIP_COPY_H_

#include <cstdint>

#include "absl/status/status.h"
#include "core/epan/packet_writer.h"

namespace dissectd::engine {

// Compresses the contents of an open file into another, which is empty. Errors:
// those of AppendBytes and CheckFileSize.
absl::Status CopyAsGzip(int from, const OutputFile& to);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_CAPTURE_GZIP_COPY_H_
