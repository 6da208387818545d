// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENGINE_ISOLATION_H_
#define CORE_ENGINE_ISOLATION_H_

#include "absl/status/status.h"

namespace dissectd::engine {

// Takes away what neither the engine nor its workers need before libwireshark
// is initialised. Errors: INTERNAL.
absl::Status BeginIsolation();

struct IsolationOptions {
  // Whether to go on, with a warning, if the kernel can't filter system calls.
  bool allow_without_sandbox = false;
  // Whether workers may ask name servers.
  bool network = false;
};

// Restricts this process and prepares the sandbox of its workers. libwireshark
// must be initialised. Errors: FAILED_PRECONDITION if the kernel can't filter
// system calls; INTERNAL.
absl::Status EnterSandbox(const IsolationOptions& options);

}  // namespace dissectd::engine

#endif  // CORE_ENGINE_ISOLATION_H_
