// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_REGISTRY_COLUMN_FORMATS_H_
#define CORE_QUERY_REGISTRY_COLUMN_FORMATS_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers RegistryService.ListColumnFormats.
absl::Status ListColumnFormats(const QueryContext& context,
                               absl::string_view request, SendResponse send);

// Answers RegistryService.ValidateColumn.
absl::Status ValidateColumn(const QueryContext& context,
                            absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_REGISTRY_COLUMN_FORMATS_H_
