// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/time_zone.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace dissectd {
namespace {

TEST(PosixTimeZoneTest, AcceptsNamesWithOffsetsAndRules) {
  for (const char* zone : {
           "UTC0",
           "EST5EDT",
           "IST-5:30",
           "<-03>3",
           "<+0545>-5:45:30",
           "CET-1CEST,M3.5.0,M10.5.0/3",
           "NST3:30NDT,M3.2.0,M11.1.0",
           "AAA+24BBB-24:59:59,J1/-167,365/167:00:00",
           "WET0WEST-1,0/0,J365/24",
       }) {
    EXPECT_TRUE(IsPosixTimeZone(zone)) << zone;
  }
}

TEST(PosixTimeZoneTest, RefusesEverythingElse) {
  for (const char* zone : {
           "",
           "UTC",
           "Europe/Berln",
           "AB1",
           "<AB>1",
           "<+03-3",
           "<+0_3>-3",
           "CET-25",
           "CET-1:60",
           "CET-1:0:60",
           "CET-1:00:00:00",
           "CET-1 ",
           "CET--1",
           "CET-1CE",
           "CET-1CEST,",
           "CET-1CEST,M3.5.0",
           "CET-1CEST,M3.5.0,M10.5.0,M10.5.0",
           "CET-1CEST,M13.5.0,M10.5.0",
           "CET-1CEST,M3.0.0,M10.5.0",
           "CET-1CEST,M3.5.7,M10.5.0",
           "CET-1CEST,M3.5,M10.5.0",
           "CET-1CEST,J0,J365",
           "CET-1CEST,0,366",
           "CET-1CEST,M3.5.0/168,M10.5.0",
           "CET-1CEST,M3.5.0/,M10.5.0",
       }) {
    EXPECT_FALSE(IsPosixTimeZone(zone)) << zone;
  }
}

TEST(PosixTimeZoneTest, RefusesWhatIsTooLong) {
  EXPECT_TRUE(IsPosixTimeZone(std::string(120, 'A') + "0"));
  EXPECT_FALSE(IsPosixTimeZone(std::string(128, 'A') + "0"));
}

class TimeZoneTest : public testing::Test {
 protected:
  TimeZoneTest() {
    std::filesystem::create_directories(database_ / "Europe");
    std::ofstream(database_ / "Europe/Berlin") << "TZif2 and so on";
    std::ofstream(database_ / "zone.tab") << "no zone";
    std::ofstream(database_.parent_path() / "Outside") << "TZif2";
    setenv("TZDIR", database_.c_str(), /*overwrite=*/1);
  }
  ~TimeZoneTest() override { unsetenv("TZDIR"); }

 private:
  const std::filesystem::path database_ =
      std::filesystem::path(testing::TempDir()) / "zones";
};

TEST_F(TimeZoneTest, KnowsTheNamesOfTheDatabase) {
  EXPECT_TRUE(IsTimeZone("Europe/Berlin"));
  EXPECT_FALSE(IsTimeZone("Europe/Berln"));
  EXPECT_FALSE(IsTimeZone("Europe"));
  EXPECT_FALSE(IsTimeZone("Europe/"));
  EXPECT_FALSE(IsTimeZone("zone.tab"));
}

TEST_F(TimeZoneTest, StaysInTheDatabase) {
  EXPECT_FALSE(IsTimeZone("../Outside"));
  EXPECT_FALSE(IsTimeZone("Europe/../../Outside"));
  EXPECT_FALSE(IsTimeZone("/Outside"));
  EXPECT_FALSE(IsTimeZone(":Europe/Berlin"));
  EXPECT_FALSE(IsTimeZone("./Europe/Berlin"));
  EXPECT_FALSE(IsTimeZone(std::string("Europe/Berlin\0", 14)));
}

TEST_F(TimeZoneTest, KnowsUtcWithoutADatabase) {
  setenv("TZDIR", "/nonexistent", /*overwrite=*/1);
  EXPECT_TRUE(IsTimeZone("UTC"));
  EXPECT_TRUE(IsTimeZone("GMT"));
  EXPECT_TRUE(IsTimeZone("CET-1CEST"));
  EXPECT_FALSE(IsTimeZone("Europe/Berlin"));
  EXPECT_FALSE(IsTimeZone(""));
}

}  // namespace
}  // namespace dissectd
