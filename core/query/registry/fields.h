// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_REGISTRY_FIELDS_H_
#define CORE_QUERY_REGISTRY_FIELDS_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers RegistryService.ListFields.
absl::Status ListFields(const QueryContext& context, absl::string_view request,
                        SendResponse send);

// Answers RegistryService.LookupFields.
absl::Status LookupFields(const QueryContext& context,
                          absl::string_view request, SendResponse send);

// Answers RegistryService.ListNamedValues.
absl::Status ListNamedValues(const QueryContext& context,
                             absl::string_view request, SendResponse send);

// Answers RegistryService.ReadRegistry.
absl::Status ReadRegistry(const QueryContext& context,
                          absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_REGISTRY_FIELDS_H_
