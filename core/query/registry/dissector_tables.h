// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_REGISTRY_DISSECTOR_TABLES_H_
#define CORE_QUERY_REGISTRY_DISSECTOR_TABLES_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers RegistryService.ListDissectorTables.
absl::Status ListDissectorTables(const QueryContext& context,
                                 absl::string_view request, SendResponse send);

// Answers RegistryService.ListDissectorTableEntries.
absl::Status ListDissectorTableEntries(const QueryContext& context,
                                       absl::string_view request,
                                       SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_REGISTRY_DISSECTOR_TABLES_H_
