// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/metrics.h"

#include <prometheus/text_serializer.h>

#include <utility>

#include "server/metrics/event_families.h"
#include "server/metrics/server_families.h"

namespace dissectd::server::metrics {

void Metrics::SetCollector(std::unique_ptr<const Collector> collector) {
  const absl::MutexLock lock(&mutex_);
  collector_ = std::move(collector);
}

Families Metrics::Collect() const {
  Families families;
  AddProcess(&families);
  AddCalls(calls_, &families);
  AddServerEvents(&families);
  const absl::MutexLock lock(&mutex_);
  if (collector_ != nullptr) collector_->Collect(&families);
  return families;
}

std::string Metrics::Text() const {
  return prometheus::TextSerializer().Serialize(Collect());
}

}  // namespace dissectd::server::metrics
