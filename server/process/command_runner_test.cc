// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/process/command_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <chrono>
#include <string>
#include <vector>

namespace dissectd::server {
namespace {

using ::testing::ElementsAre;

TEST(CommandRunnerTest, CallersTakeTurns) {
  asio::io_context context;
  CommandRunner runner(&context, 1);
  std::vector<std::string> ended;
  asio::post(context, [&] {
    for (const char* caller : {"a", "a", "a", "b"}) {
      runner.Run(
          {"/bin/true", {}}, std::chrono::seconds(30),
          [&ended, caller](const absl::StatusOr<CommandOutput>& output) {
            EXPECT_TRUE(output.ok()) << output.status();
            ended.emplace_back(caller);
          },
          caller);
    }
  });
  context.run();
  EXPECT_THAT(ended, ElementsAre("a", "a", "b", "a"));
}

}  // namespace
}  // namespace dissectd::server
