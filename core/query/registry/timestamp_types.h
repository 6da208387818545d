// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_REGISTRY_TIMESTAMP_TYPES_H_
#define CORE_QUERY_REGISTRY_TIMESTAMP_TYPES_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers RegistryService.ListTimestampTypes.
absl::Status ListTimestampTypes(const QueryContext& context,
                                absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_REGISTRY_TIMESTAMP_TYPES_H_
