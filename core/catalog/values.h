// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_VALUES_H_
#define CORE_CATALOG_VALUES_H_

#include "core/catalog/query.h"

namespace dissectd {

// RegistryService.ParseValue.
absl::Status ParseValue(const QueryContext& context, absl::string_view request,
                        SendResponse send);

// RegistryService.FormatValue.
absl::Status FormatValue(const QueryContext& context, absl::string_view request,
                         SendResponse send);

}  // namespace dissectd

#endif  // CORE_CATALOG_VALUES_H_
