// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_REGISTRY_PLUGINS_H_
#define CORE_QUERY_REGISTRY_PLUGINS_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers RegistryService.ListPlugins.
absl::Status ListPlugins(const QueryContext& context, absl::string_view request,
                         SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_REGISTRY_PLUGINS_H_
