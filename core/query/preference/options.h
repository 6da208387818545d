// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_PREFERENCE_OPTIONS_H_
#define CORE_QUERY_PREFERENCE_OPTIONS_H_

#include "core/dissection/settings.h"
#include "core/query/query.h"
#include "core/request/dissect_request.h"

// Answers PreferenceService's queries about options, in a dedicated worker.
namespace dissectd::engine {

// Returns the operator's limits for the options of a query.
WorkerPolicy PolicyOf(const QueryContext& context);

// Applies the options of a query to this process. Errors: those of the options.
absl::Status ApplyQueryOptions(const QueryContext& context,
                               const DissectionOptions& options);

// Answers PreferenceService.ValidateOptions.
absl::Status ValidateOptions(const QueryContext& context,
                             absl::string_view request, SendResponse send);

// Answers PreferenceService.ExportPreferences.
absl::Status ExportPreferences(const QueryContext& context,
                               absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_PREFERENCE_OPTIONS_H_
