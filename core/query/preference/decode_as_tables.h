// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_PREFERENCE_DECODE_AS_TABLES_H_
#define CORE_QUERY_PREFERENCE_DECODE_AS_TABLES_H_

#include "core/query/query.h"

namespace dissectd::engine {

// Answers PreferenceService.ListDecodeAsTables, in a dedicated worker.
absl::Status ListDecodeAsTables(const QueryContext& context,
                                absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_PREFERENCE_DECODE_AS_TABLES_H_
