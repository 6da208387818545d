// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_REGISTRY_VALUES_H_
#define CORE_QUERY_REGISTRY_VALUES_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers RegistryService.ParseValue.
absl::Status ParseValue(const QueryContext& context, absl::string_view request,
                        SendResponse send);

// Answers RegistryService.FormatValue.
absl::Status FormatValue(const QueryContext& context, absl::string_view request,
                         SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_REGISTRY_VALUES_H_
