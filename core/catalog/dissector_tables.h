// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_DISSECTOR_TABLES_H_
#define CORE_CATALOG_DISSECTOR_TABLES_H_

#include "core/catalog/query.h"

namespace dissectd {

// RegistryService.ListDissectorTables.
absl::Status ListDissectorTables(const QueryContext& context,
                                 absl::string_view request, SendResponse send);

// RegistryService.ListDissectorTableEntries.
absl::Status ListDissectorTableEntries(const QueryContext& context,
                                       absl::string_view request,
                                       SendResponse send);

}  // namespace dissectd

#endif  // CORE_CATALOG_DISSECTOR_TABLES_H_
