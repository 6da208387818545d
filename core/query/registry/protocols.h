// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_REGISTRY_PROTOCOLS_H_
#define CORE_QUERY_REGISTRY_PROTOCOLS_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers RegistryService.ListProtocols.
absl::Status ListProtocols(const QueryContext& context,
                           absl::string_view request, SendResponse send);

// Answers RegistryService.GetProtocol.
absl::Status GetProtocol(const QueryContext& context, absl::string_view request,
                         SendResponse send);

// Answers RegistryService.ListHeuristicDissectors.
absl::Status ListHeuristicDissectors(const QueryContext& context,
                                     absl::string_view request,
                                     SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_REGISTRY_PROTOCOLS_H_
