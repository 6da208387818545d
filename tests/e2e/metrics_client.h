// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_METRICS_CLIENT_H_
#define TESTS_E2E_METRICS_CLIENT_H_

#include <cstdint>
#include <optional>
#include <string>

namespace dissectd {

// Reads metrics over HTTP as Prometheus does, on loopback.
class MetricsClient {
 public:
  explicit MetricsClient(uint16_t port) : port_(port) {}

  // Returns all metrics; nothing if they can't be read.
  std::string ReadAll() const;

  // Returns the value of a metric, which is named with its labels, as
  // `name{label="value"}`; nothing if it isn't there.
  std::optional<double> Read(const std::string& metric) const;

 private:
  const uint16_t port_;
};

}  // namespace dissectd

#endif  // TESTS_E2E_METRICS_CLIENT_H_
