// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_PLUGINS_H_
#define CORE_CATALOG_PLUGINS_H_

#include "core/catalog/query.h"

namespace dissectd {

// RegistryService.ListPlugins.
absl::Status ListPlugins(const QueryContext& context, absl::string_view request,
                         SendResponse send);

}  // namespace dissectd

#endif  // CORE_CATALOG_PLUGINS_H_
