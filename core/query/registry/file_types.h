// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_REGISTRY_FILE_TYPES_H_
#define CORE_QUERY_REGISTRY_FILE_TYPES_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers RegistryService.ListEncapsulations.
absl::Status ListEncapsulations(const QueryContext& context,
                                absl::string_view request, SendResponse send);

// Answers RegistryService.ListFileTypes.
absl::Status ListFileTypes(const QueryContext& context,
                           absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_REGISTRY_FILE_TYPES_H_
