// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_PROTOCOLS_H_
#define CORE_CATALOG_PROTOCOLS_H_

#include "core/catalog/query.h"

namespace dissectd {

// RegistryService.ListProtocols.
absl::Status ListProtocols(const QueryContext& context,
                           absl::string_view request, SendResponse send);

// RegistryService.ListHeuristicDissectors.
absl::Status ListHeuristicDissectors(const QueryContext& context,
                                     absl::string_view request,
                                     SendResponse send);

}  // namespace dissectd

#endif  // CORE_CATALOG_PROTOCOLS_H_
