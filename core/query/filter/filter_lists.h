// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_FILTER_FILTER_LISTS_H_
#define CORE_QUERY_FILTER_FILTER_LISTS_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers FilterService.ListFilterMacros.
absl::Status ListFilterMacros(const QueryContext& context,
                              absl::string_view request, SendResponse send);

// Answers FilterService.ListSavedFilters.
absl::Status ListSavedFilters(const QueryContext& context,
                              absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_FILTER_FILTER_LISTS_H_
