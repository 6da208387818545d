// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_QUERY_SETTINGS_H_
#define CORE_QUERY_QUERY_SETTINGS_H_

#include "absl/status/status.h"
#include "core/query/query.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// Applies the settings of a query that dissects a capture, before it is opened.
// May begin the process again. Errors: those of ApplySettings.
absl::Status ApplyQuerySettings(const QueryContext& context,
                                const DissectRequest& settings);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_QUERY_SETTINGS_H_
