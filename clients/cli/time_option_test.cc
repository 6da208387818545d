// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/time_option.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace dissectd::cli {
namespace {

void ExpectTime(const std::string& text, int64_t seconds, int32_t nanos) {
  const absl::StatusOr<v1::TimeValue> time = ParseTimeStamp(text);
  ASSERT_TRUE(time.ok()) << time.status();
  EXPECT_EQ(time->seconds(), seconds) << text;
  EXPECT_EQ(time->nanos(), nanos) << text;
}

TEST(ParseTimeStampTest, TakesSecondsExactly) {
  ExpectTime("0", 0, 0);
  ExpectTime("1700000000.000000001", 1'700'000'000, 1);
  ExpectTime("1700000000.5", 1'700'000'000, 500'000'000);
}

TEST(ParseTimeStampTest, TakesDatesOfAnyZone) {
  ExpectTime("2023-11-14T22:13:20Z", 1'700'000'000, 0);
  ExpectTime("2023-11-14T22:13:20.123456789Z", 1'700'000'000, 123'456'789);
  ExpectTime("2023-11-15T00:13:20.5+02:00", 1'700'000'000, 500'000'000);
  ExpectTime("1969-12-31T23:59:59.25Z", -1, 250'000'000);
}

TEST(ParseTimeStampTest, RefusesEverythingElse) {
  for (const char* const text :
       {"", "now", "-1", "1.", ".5", "1.0000000001", "1e3",
        "99999999999999999999", "2023-11-14", "2023-11-14T22:13:20",
        "infinite-past", "2023-13-14T22:13:20Z"}) {
    EXPECT_FALSE(ParseTimeStamp(text).ok()) << text;
  }
}

}  // namespace
}  // namespace dissectd::cli
