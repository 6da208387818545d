// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/metrics_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace dissectd::server::metrics {
namespace {

bool IsHost(absl::string_view host) {
  in6_addr parsed;
  if (host == "localhost") return true;
  if (absl::ConsumePrefix(&host, "[")) {
    return absl::ConsumeSuffix(&host, "]") &&
           inet_pton(AF_INET6, std::string(host).c_str(), &parsed) == 1;
  }
  return inet_pton(AF_INET, std::string(host).c_str(), &parsed) == 1;
}

bool IsPort(absl::string_view port) {
  constexpr int kMaxPort = 65535;
  int number = 0;
  return std::all_of(port.begin(), port.end(), absl::ascii_isdigit) &&
         absl::SimpleAtoi(port, &number) && number <= kMaxPort;
}

}  // namespace

MetricsAddress SplitMetricsAddress(absl::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos) return {address, ""};
  return {address.substr(0, colon), address.substr(colon + 1)};
}

std::string CheckMetricsAddress(absl::string_view address) {
  const MetricsAddress parts = SplitMetricsAddress(address);
  if (IsHost(parts.host) && IsPort(parts.port)) return "";
  return absl::StrCat("\"", address,
                      "\" isn't HOST:PORT with an IP address or localhost");
}

bool IsAnyAddress(const MetricsAddress& address) {
  absl::string_view host = address.host;
  in_addr short_address = {};
  in6_addr long_address = {};
  if (absl::ConsumePrefix(&host, "[") && absl::ConsumeSuffix(&host, "]")) {
    return inet_pton(AF_INET6, std::string(host).c_str(), &long_address) == 1 &&
           IN6_IS_ADDR_UNSPECIFIED(&long_address);
  }
  return inet_pton(AF_INET, std::string(host).c_str(), &short_address) == 1 &&
         short_address.s_addr == INADDR_ANY;
}

}  // namespace dissectd::server::metrics
