// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_COLUMN_FORMATS_H_
#define CORE_CATALOG_COLUMN_FORMATS_H_

#include "core/catalog/query.h"

namespace dissectd {

// RegistryService.ListColumnFormats.
absl::Status ListColumnFormats(const QueryContext& context,
                               absl::string_view request, SendResponse send);

// RegistryService.ValidateColumn.
absl::Status ValidateColumn(const QueryContext& context,
                            absl::string_view request, SendResponse send);

}  // namespace dissectd

#endif  // CORE_CATALOG_COLUMN_FORMATS_H_
