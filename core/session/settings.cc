// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/settings.h"

#include "core/base/status_macros.h"

namespace dissectd {

bool NeedsOwnInitialisation(const DissectRequest& request,
                            const SessionPolicy& policy) {
  const DissectionOptions& options = request.options;
  return !options.preferences.empty() || !options.decode_as.empty() ||
         !options.protocols.empty() || !options.hosts.empty() ||
         // Questions to name servers have numbers that no other session should
         // be able to guess.
         AsksNameServers(options.name_resolution,
                         policy.allow_external_resolver);
}

absl::Status ApplySettings(const DissectRequest& request,
                           const SessionPolicy& policy) {
  const DissectionOptions& options = request.options;
  RETURN_IF_ERROR(ApplyTimeZone(options.time_zone));
  RETURN_IF_ERROR(ApplyTimeFormat(options.time_format));
  RETURN_IF_ERROR(ApplyPreferences(options.preferences));
  RETURN_IF_ERROR(ApplyNameResolution(options.name_resolution,
                                      policy.allow_external_resolver));
  RETURN_IF_ERROR(ApplyProtocolSwitches(options.protocols));
  for (const DecodeAsRule& rule : options.decode_as) {
    RETURN_IF_ERROR(ApplyDecodeAs(rule));
  }
  if (!request.view.columns.columns.empty()) {
    RETURN_IF_ERROR(SetColumnFormat(request.view.columns.columns));
  }
  if (!options.hosts.empty()) RETURN_IF_ERROR(AddHosts(options.hosts));
  return absl::OkStatus();
}

}  // namespace dissectd
