// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_FILTER_COMPILE_FILTER_H_
#define CORE_QUERY_FILTER_COMPILE_FILTER_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers FilterService.CompileFilter.
absl::Status CompileFilter(const QueryContext& context,
                           absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_FILTER_COMPILE_FILTER_H_
