// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_LIBRARIES_H_
#define CORE_CATALOG_LIBRARIES_H_

#include "core/catalog/query.h"

namespace dissectd {

// Of ServerService.GetServerInfo: the request is the part of the response that
// the daemon knows; the answer is that, and what only this process knows.
absl::Status DescribeLibraries(const QueryContext& context,
                               absl::string_view request, SendResponse send);

}  // namespace dissectd

#endif  // CORE_CATALOG_LIBRARIES_H_
