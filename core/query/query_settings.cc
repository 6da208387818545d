// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/query_settings.h"

#include "core/dissection/settings.h"

namespace dissectd::engine {

absl::Status ApplyQuerySettings(const QueryContext& context,
                                const DissectRequest& settings) {
  WorkerPolicy policy;
  policy.allow_external_resolver = context.allow_external_resolver;
  policy.allow_lua = context.allow_lua;
  policy.restart = context.restart;
  if (NeedsOwnInitialisation(settings, policy)) context.epan->Close();
  return ApplySettings(settings, policy);
}

}  // namespace dissectd::engine
