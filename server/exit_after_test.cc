// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/exit_after.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

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

}  // namespace
}  // namespace dissectd::server
