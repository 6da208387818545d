// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/process/command_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "server/process/process_errors.h"

namespace dissectd::server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Many times longer than the tests take.
constexpr std::chrono::seconds kDeadline(60);

// Runs a shell script until it ends, or its asker has gone.
CommandOutput RunToEnd(const std::string& script,
                       const CommandRunner::Asker& asker,
                       absl::Status* status) {
  asio::io_context context;
  CommandRunner runner(&context, 1);
  CommandOutput result;
  asio::post(context, [&] {
    runner.Run(
        {"/bin/sh", {"-c", script}}, kDeadline,
        [&](absl::StatusOr<CommandOutput> output) {
          *status = output.status();
          if (output.ok()) result = *std::move(output);
        },
        asker);
  });
  context.run();
  return result;
}

TEST(CommandRunnerTest, CallersTakeTurns) {
  asio::io_context context;
  CommandRunner runner(&context, 1);
  std::vector<std::string> ended;
  asio::post(context, [&] {
    for (const char* caller : {"a", "a", "a", "b"}) {
      runner.Run({"/bin/true", {}}, std::chrono::seconds(30),
                 [&ended, caller](const absl::StatusOr<CommandOutput>& output) {
                   EXPECT_TRUE(output.ok()) << output.status();
                   ended.emplace_back(caller);
                 },
                 {caller, nullptr});
    }
  });
  context.run();
  EXPECT_THAT(ended, ElementsAre("a", "a", "b", "a"));
}

TEST(CommandRunnerTest, APresentAskerGetsTheOutput) {
  absl::Status status;
  // Takes longer than it takes to look after the asker.
  const CommandOutput output = RunToEnd("echo begun; sleep 0.3; echo ended",
                                        {"a", [] { return false; }}, &status);
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(output.out, "begun\nended\n");
}

TEST(CommandRunnerTest, ACommandIsKilledIfItsAskerGoes) {
  const std::string path = ::testing::TempDir() + "/running";
  unlink(path.c_str());
  const auto has_begun = [&path] {
    return std::filesystem::exists(path) &&
           std::filesystem::file_size(path) > 0;
  };
  absl::Status status;
  const auto start = std::chrono::steady_clock::now();
  RunToEnd("echo $$ > " + path + "; exec sleep 1000", {"a", has_begun},
           &status);
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_LT(std::chrono::steady_clock::now() - start, kDeadline);
  std::ifstream file(path);
  pid_t pid = 0;
  ASSERT_TRUE(file >> pid);
  EXPECT_NE(kill(pid, 0), 0);
}

TEST(CommandRunnerTest, ACommandIsNeverStartedIfItsAskerHasGone) {
  const std::string path = ::testing::TempDir() + "/started";
  unlink(path.c_str());
  absl::Status status;
  RunToEnd("touch " + path, {"a", [] { return true; }}, &status);
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(CommandRunnerTest, ACommandLeavesTheQueueWhenItsAskerGoes) {
  const std::string path = ::testing::TempDir() + "/queued";
  unlink(path.c_str());
  asio::io_context context;
  CommandRunner runner(&context, 1);
  std::vector<std::string> ended;
  bool second_gone = false;
  const auto run = [&](const char* script, const char* name,
                       std::function<bool()> has_gone) {
    runner.Run({"/bin/sh", {"-c", script}}, kDeadline,
               [&ended, name](const absl::StatusOr<CommandOutput>& output) {
                 EXPECT_TRUE(absl::IsCancelled(output.status()))
                     << output.status();
                 ended.emplace_back(name);
               },
               {"a", std::move(has_gone)});
  };
  asio::post(context, [&] {
    // Holds the only place until the second one has left.
    run("exec sleep 1000", "first", [&ended] { return !ended.empty(); });
    run(("touch " + path).c_str(), "second",
        [&second_gone] { return second_gone; });
    EXPECT_THAT(ended, IsEmpty());
    second_gone = true;
  });
  context.run();
  EXPECT_THAT(ended, ElementsAre("second", "first"));
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(CommandRunnerTest, AShortageOfDescriptorsIsNotTheProgramsFault) {
  rlimit limit;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  asio::io_context context;
  // Makes the context open its own descriptors.
  const asio::steady_timer timer(context);
  CommandRunner runner(&context, 1);
  absl::Status status;
  asio::post(context, [&] {
    const rlimit none = {0, limit.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
    runner.Run({"/bin/true", {}}, kDeadline,
               [&status](const absl::StatusOr<CommandOutput>& output) {
                 status = output.status();
               });
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  });
  context.run();
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_TRUE(IsUnrelatedToProgram(status)) << status;
}

}  // namespace
}  // namespace dissectd::server
