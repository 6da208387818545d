// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_SETTINGS_H_
#define CORE_DISSECTION_SETTINGS_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/epan/library.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// The operator's limits for requests.
struct WorkerPolicy {
  // Whether they may ask name servers for host names.
  bool allow_external_resolver = false;
  // The greatest number of processes that share the second pass of a
  // dissection.
  uint32_t pass_workers = 1;
  // Whether they may have scripts in Lua.
  bool allow_lua = false;
  // Makes the process begin again. Returns only if that fails. Null in
  // processes that can't.
  std::function<absl::Status(const InitOptions& options)> restart;
};

// Called with the error in a part of the options, for example "preferences[2]".
// If it returns an error, no further options are applied.
using OptionErrorFn = absl::FunctionRef<absl::Status(
    absl::string_view part, const absl::Status& error)>;

// Sets libwireshark's global state in this process according to the options.
// Call it before a capture is opened. Passes each error, those of core/epan's
// settings, to `on_error`, and returns the error that `on_error` returns. If
// the options have another profile than this process, or scripts, begins again
// with them (WorkerPolicy).
absl::Status ApplyOptions(const DissectionOptions& options,
                          const WorkerPolicy& policy, OptionErrorFn on_error);

// Applies the options, and returns the first error.
absl::Status ApplyOptions(const DissectionOptions& options,
                          const WorkerPolicy& policy);

// Whether the request has settings that dissectors read when they are
// initialised, or that must not be shared with other requests.
bool NeedsOwnInitialisation(const DissectRequest& request,
                            const WorkerPolicy& policy);

// Applies the options of a request, and its columns. Errors: those of
// core/epan's settings.
absl::Status ApplySettings(const DissectRequest& request,
                           const WorkerPolicy& policy);

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_SETTINGS_H_
