// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_SERVER_FAMILIES_H_
#define SERVER_METRICS_SERVER_FAMILIES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "server/metrics/call_counts.h"
#include "server/metrics/families.h"
#include "server/metrics/use.h"

// What all programs that serve calls tell in the same way. Each function
// appends families.
namespace dissectd::server::metrics {

void AddCalls(const CallCounts& calls, Families* families);

// The program's own process, with the names that Prometheus' clients give to
// these in all programs.
void AddProcess(Families* families);

// What there is a limit of, by its name.
struct NamedUse {
  const char* name;
  Use use;
};
void AddUses(const std::vector<NamedUse>& uses, Families* families);

// Appends nothing without a certificate. `expiry` is in seconds since 1970.
void AddCertificateExpiry(std::optional<int64_t> expiry, Families* families);

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_SERVER_FAMILIES_H_
