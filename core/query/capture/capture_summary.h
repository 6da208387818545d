// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_CAPTURE_CAPTURE_SUMMARY_H_
#define CORE_QUERY_CAPTURE_CAPTURE_SUMMARY_H_

#include "core/query/query.h"

namespace dissectd::engine {

// FileService.GetFile, of what the file has in it: sends a GetFileResponse that
// has nothing else. The request says nothing more. Errors: those of
// CaptureFile::Open and of HashFile.
absl::Status DescribeCapture(const QueryContext& context,
                             absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_CAPTURE_CAPTURE_SUMMARY_H_
