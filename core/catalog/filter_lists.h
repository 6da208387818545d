// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_FILTER_LISTS_H_
#define CORE_CATALOG_FILTER_LISTS_H_

#include "core/catalog/query.h"

namespace dissectd {

// FilterService.ListFilterMacros.
absl::Status ListFilterMacros(const QueryContext& context,
                              absl::string_view request, SendResponse send);

// FilterService.ListSavedFilters.
absl::Status ListSavedFilters(const QueryContext& context,
                              absl::string_view request, SendResponse send);

}  // namespace dissectd

#endif  // CORE_CATALOG_FILTER_LISTS_H_
