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

// Otherwise systemd kills what the daemon would still put in order.
TEST(ExitAfterTest, TheUnitForSystemdWaitsLongEnough) {
  const std::string name = "TimeoutStopSec=";
  std::ifstream unit("deploy/systemd/dissectd.service");
  int seconds = 0;
  for (std::string line; std::getline(unit, line);) {
    if (line.rfind(name, 0) == 0) seconds = std::stoi(line.substr(name.size()));
  }
  const ServerConfig config;
  EXPECT_GT(std::chrono::seconds(seconds),
            config.transport.lame_duck + config.drain_timeout + kStopTimeout);
}

}  // namespace
}  // namespace dissectd::server
