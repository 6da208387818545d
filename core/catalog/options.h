// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_OPTIONS_H_
#define CORE_CATALOG_OPTIONS_H_

#include "core/catalog/query.h"
#include "core/request/dissect_request.h"
#include "core/session/settings.h"

// What PreferenceService says of options, in a session of its own.
namespace dissectd {

// What is allowed to the options of a query.
SessionPolicy PolicyOf(const QueryContext& context);

// Applies the options of a query to this process. Errors: those of them.
absl::Status ApplyQueryOptions(const QueryContext& context,
                               const DissectionOptions& options);

// PreferenceService.ValidateOptions.
absl::Status ValidateOptions(const QueryContext& context,
                             absl::string_view request, SendResponse send);

// PreferenceService.ExportPreferences.
absl::Status ExportPreferences(const QueryContext& context,
                               absl::string_view request, SendResponse send);

}  // namespace dissectd

#endif  // CORE_CATALOG_OPTIONS_H_
