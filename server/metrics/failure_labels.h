// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_FAILURE_LABELS_H_
#define SERVER_METRICS_FAILURE_LABELS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

// The label `reason` of failed calls, which has few values, whoever invents
// reasons.
namespace dissectd::server::metrics {

// Returns all values.
const std::vector<std::string>& FailureLabels();

// Returns the reason of an error, if docs/errors.md has it; `other` otherwise.
const std::string& FailureLabelOf(const absl::Status& error);

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_FAILURE_LABELS_H_
