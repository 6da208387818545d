// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_RECORD_LIST_H_
#define CORE_CATALOG_RECORD_LIST_H_

#include "core/catalog/query.h"

namespace dissectd {

// FileService.ListRecords. Errors: those of CaptureFile::Open,
// REQUEST_MALFORMED.
absl::Status ListRecords(const QueryContext& context, absl::string_view request,
                         SendResponse send);

}  // namespace dissectd

#endif  // CORE_CATALOG_RECORD_LIST_H_
