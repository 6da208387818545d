// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/server_families.h"

namespace dissectd::server::metrics {

void AddUses(const std::vector<NamedUse>& uses, Families* families) {
  {
    FamilyBuilder used(families, "dissectd_resources_used",
                       "What is used of what there is a limit of.",
                       MetricType::Gauge);
    for (const auto& [name, use] : uses) {
      used.Add(static_cast<double>(use.used), {{"resource", name}});
    }
  }
  FamilyBuilder limits(families, "dissectd_resources_limit",
                       "The limits of all callers together.",
                       MetricType::Gauge);
  for (const auto& [name, use] : uses) {
    limits.Add(static_cast<double>(use.limit), {{"resource", name}});
  }
}

void AddCertificateExpiry(std::optional<int64_t> expiry, Families* families) {
  if (!expiry.has_value()) return;
  AddGauge(families, "dissectd_tls_certificate_expiry_timestamp_seconds",
           "When the TLS certificate in use expires.",
           static_cast<double>(*expiry));
}

}  // namespace dissectd::server::metrics
