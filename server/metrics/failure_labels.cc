// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/failure_labels.h"

#include <iterator>

#include "absl/container/flat_hash_map.h"
#include "server/metrics/known_reasons.h"
#include "server/rpc/grpc_status.h"

namespace dissectd::server::metrics {
namespace {

constexpr char kOther[] = "other";

}  // namespace

const std::vector<std::string>& FailureLabels() {
  static const auto& labels = *[] {
    auto* const all = new std::vector<std::string>(std::begin(kKnownReasons),
                                                   std::end(kKnownReasons));
    all->emplace_back(kOther);
    return all;
  }();
  return labels;
}

const std::string& FailureLabelOf(const absl::Status& error) {
  static const auto& by_reason = *[] {
    auto* const all = new absl::flat_hash_map<std::string, const std::string*>;
    for (const std::string& label : FailureLabels()) {
      all->emplace(label, &label);
    }
    return all;
  }();
  const auto found = by_reason.find(FailureOf(error).reason());
  return found == by_reason.end() ? FailureLabels().back() : *found->second;
}

}  // namespace dissectd::server::metrics
