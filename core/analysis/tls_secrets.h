// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_TLS_SECRETS_H_
#define CORE_ANALYSIS_TLS_SECRETS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/query/query.h"

namespace dissectd::engine {

// Answers AnalysisService.ExportTlsSecrets. Changes the state of the process,
// which can't answer another query.
absl::Status ExportTlsSecrets(const QueryContext& context,
                              absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_TLS_SECRETS_H_
