// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_REGISTRY_FIELD_TYPES_H_
#define CORE_QUERY_REGISTRY_FIELD_TYPES_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers RegistryService.ListFieldTypes.
absl::Status ListFieldTypes(const QueryContext& context,
                            absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_REGISTRY_FIELD_TYPES_H_
