// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_CAPTURE_CAPTURE_SUMMARY_H_
#define CORE_QUERY_CAPTURE_CAPTURE_SUMMARY_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers the part of FileService.GetFile that needs the file's contents: sends
// a GetFileResponse with only that. The request is ignored. Errors: those of
// CaptureFile::Open and HashFile.
absl::Status DescribeCapture(const QueryContext& context,
                             absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_CAPTURE_CAPTURE_SUMMARY_H_
