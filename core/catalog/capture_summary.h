// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_CAPTURE_SUMMARY_H_
#define CORE_CATALOG_CAPTURE_SUMMARY_H_

#include "core/catalog/query.h"

namespace dissectd {

// FileService.GetFile, of what the file has in it: sends a GetFileResponse that
// has nothing else. The request says nothing more. Errors: those of
// CaptureFile::Open and of HashFile.
absl::Status DescribeCapture(const QueryContext& context,
                             absl::string_view request, SendResponse send);

}  // namespace dissectd

#endif  // CORE_CATALOG_CAPTURE_SUMMARY_H_
