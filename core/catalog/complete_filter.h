// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_COMPLETE_FILTER_H_
#define CORE_CATALOG_COMPLETE_FILTER_H_

#include "core/catalog/query.h"

namespace dissectd {

// FilterService.CompleteFilter.
absl::Status CompleteFilter(const QueryContext& context,
                            absl::string_view request, SendResponse send);

}  // namespace dissectd

#endif  // CORE_CATALOG_COMPLETE_FILTER_H_
