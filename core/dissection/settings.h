// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_SETTINGS_H_
#define CORE_DISSECTION_SETTINGS_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// What the operator allows requests to ask for.
struct WorkerPolicy {
  // Ask name servers for host names.
  bool allow_external_resolver = false;
  // Processes that share the second pass of a dissection, at most.
  uint32_t pass_workers = 1;
};

// Takes what is wrong with a part of options, for example "preferences[2]". An
// error of it ends the work.
using OptionErrorFn = absl::FunctionRef<absl::Status(
    absl::string_view part, const absl::Status& error)>;

// Sets libwireshark's global state of this process as the options say, before a
// capture is opened. What is wrong with them, those of core/epan's settings, is
// passed to `on_error`. Errors: those of it.
absl::Status ApplyOptions(const DissectionOptions& options,
                          const WorkerPolicy& policy, OptionErrorFn on_error);

// The same, with the first error.
absl::Status ApplyOptions(const DissectionOptions& options,
                          const WorkerPolicy& policy);

// Whether the request has settings of its own that dissectors look at when they
// are initialised, or that must not be shared with other requests.
bool NeedsOwnInitialisation(const DissectRequest& request,
                            const WorkerPolicy& policy);

// The same as the request asks, columns included. Errors: those of core/epan's
// settings.
absl::Status ApplySettings(const DissectRequest& request,
                           const WorkerPolicy& policy);

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_SETTINGS_H_
