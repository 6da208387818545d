// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_SETTINGS_H_
#define CORE_SESSION_SETTINGS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "core/request/dissect_request.h"

namespace dissectd {

// What the operator allows requests to ask for.
struct SessionPolicy {
  // Ask name servers for host names.
  bool allow_external_resolver = false;
  // Processes that share the second pass of a dissection, at most.
  uint32_t lanes = 1;
};

// Whether the request has settings of its own that dissectors look at when they
// are initialised, or that must not be shared with other requests.
bool NeedsOwnInitialisation(const DissectRequest& request,
                            const SessionPolicy& policy);

// Sets libwireshark's global state of this process as the request asks,
// before a capture is opened. Errors: those of core/epan's settings.
absl::Status ApplySettings(const DissectRequest& request,
                           const SessionPolicy& policy);

}  // namespace dissectd

#endif  // CORE_SESSION_SETTINGS_H_
