// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_DISSECT_SESSION_H_
#define CORE_SESSION_DISSECT_SESSION_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/query/query.h"

namespace dissectd::engine {

// Answers ipc::Query::kDissectSession with the stream of Dissect, but without
// the first pass. Errors: those of StreamEncoder::Create, CompileDisplayFilter
// and SetColumnFormat.
absl::Status DissectSession(const QueryContext& context,
                            absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_SESSION_DISSECT_SESSION_H_
