// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_METRICS_ADDRESS_H_
#define SERVER_METRICS_METRICS_ADDRESS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dissectd::server::metrics {

// An address HOST:PORT, which outlives this.
struct MetricsAddress {
  absl::string_view host;
  absl::string_view port;
};

MetricsAddress SplitMetricsAddress(absl::string_view address);

// Returns the error in an address HOST:PORT, where HOST is an IP address, in
// brackets if it has colons, or `localhost`; empty if it is valid.
std::string CheckMetricsAddress(absl::string_view address);

// Returns whether a valid address stands for all addresses of the machine.
bool IsAnyAddress(const MetricsAddress& address);

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_METRICS_ADDRESS_H_
