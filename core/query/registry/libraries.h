// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_REGISTRY_LIBRARIES_H_
#define CORE_QUERY_REGISTRY_LIBRARIES_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers the part of ServerService.GetServerInfo that only the engine knows,
// with a GetServerInfoResponse. The request is ignored.
absl::Status DescribeLibraries(const QueryContext& context,
                               absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_REGISTRY_LIBRARIES_H_
