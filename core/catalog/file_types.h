// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_FILE_TYPES_H_
#define CORE_CATALOG_FILE_TYPES_H_

#include "core/catalog/query.h"

namespace dissectd {

// RegistryService.ListEncapsulations.
absl::Status ListEncapsulations(const QueryContext& context,
                                absl::string_view request, SendResponse send);

// RegistryService.ListFileTypes.
absl::Status ListFileTypes(const QueryContext& context,
                           absl::string_view request, SendResponse send);

}  // namespace dissectd

#endif  // CORE_CATALOG_FILE_TYPES_H_
