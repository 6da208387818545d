// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/exit_after.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>

#include "server/config.h"

namespace dissectd::server {
namespace {

TEST(ExitAfterTest, EndsAProcessThatHangs) {
  const auto hang = [] {
    ExitAfter(std::chrono::seconds(1));
    while (true) pause();
  };
  EXPECT_EXIT(hang(), testing::ExitedWithCode(EXIT_FAILURE),
              "stopping takes too long");
}

// Returns for how long systemd waits for a service to stop.
std::chrono::seconds StopTimeoutOf(const std::string& unit) {
  const std::string name = "TimeoutStopSec=";
  std::ifstream file("deploy/systemd/" + unit);
  int seconds = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(name, 0) == 0) seconds = std::stoi(line.substr(name.size()));
  }
  return std::chrono::seconds(seconds);
}

// Otherwise systemd kills what the daemon would still put in order.
TEST(ExitAfterTest, TheUnitsForSystemdWaitLongEnough) {
  const ServerConfig config;
  for (const char* unit : {"dissectd.service", "dissectd-fleet.service"}) {
    EXPECT_GT(StopTimeoutOf(unit),
              config.transport.lame_duck + config.drain_timeout + kStopTimeout)
        << unit;
  }
}

}  // namespace
}  // namespace dissectd::server
