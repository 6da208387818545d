// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/metrics_address.h"

#include <gtest/gtest.h>

namespace dissectd::server::metrics {
namespace {

TEST(MetricsAddressTest, AcceptsAddressesWithAPort) {
  for (const char* address : {"localhost:9464", "127.0.0.1:0", "[::1]:9464",
                              "0.0.0.0:65535", "[::]:80"}) {
    EXPECT_EQ(CheckMetricsAddress(address), "") << address;
  }
}

// The server would take a letter after the number, or a comma, for options of
// its own.
TEST(MetricsAddressTest, RefusesEverythingElse) {
  for (const char* address :
       {"", "9464", ":9464", "localhost", "localhost:", "localhost:http",
        "localhost:65536", "localhost:-1", "localhost:+1", "localhost: 1",
        "127.0.0.1:9464s", "127.0.0.1:1,0.0.0.0:2", "::1:9464", "[::1:9464",
        "[127.0.0.1]:1", "example.org:9464", "127.0.0.1:99999999999"}) {
    EXPECT_NE(CheckMetricsAddress(address), "") << address;
  }
}

TEST(MetricsAddressTest, KnowsWhatStandsForAllAddresses) {
  for (const char* address : {"0.0.0.0:1", "[::]:1", "[0:0::0]:1"}) {
    EXPECT_TRUE(IsAnyAddress(SplitMetricsAddress(address))) << address;
  }
  for (const char* address :
       {"localhost:1", "127.0.0.1:1", "192.0.2.1:0", "[::1]:1"}) {
    EXPECT_FALSE(IsAnyAddress(SplitMetricsAddress(address))) << address;
  }
}

}  // namespace
}  // namespace dissectd::server::metrics
