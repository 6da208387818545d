// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/node_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace dissectd::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class NodeWatchTest : public testing::Test {
 protected:
  NodeWatchTest() { config_.file = absl::StrCat(testing::TempDir(), "/nodes"); }

  // Replaces the file at once.
  void Write(const std::string& content) const {
    const std::string next = config_.file + ".next";
    std::ofstream(next, std::ios::binary) << content;
    chmod(next.c_str(), 0600);
    ASSERT_EQ(std::rename(next.c_str(), config_.file.c_str()), 0);
  }

  absl::StatusOr<std::unique_ptr<NodeWatch>> Start() {
    return NodeWatch::Start(config_, [this](const NodeWatch::List& nodes) {
      const std::lock_guard<std::mutex> lock(mutex_);
      std::string names;
      for (const NodeAddress& node : nodes) names += node.name;
      used_.push_back(names);
    });
  }

  // Returns the names of the nodes, each time that they were told.
  std::vector<std::string> Used() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return used_;
  }

  static bool Becomes(const std::function<bool()>& condition) {
    const absl::Time end = absl::Now() + absl::Seconds(30);
    while (!condition()) {
      if (absl::Now() > end) return false;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return true;
  }

  NodeSourceConfig config_;
  std::mutex mutex_;
  std::vector<std::string> used_;
};

TEST_F(NodeWatchTest, OnlyNewListsAreTold) {
  Write("a 192.0.2.1:1\n");
  const auto watch = Start();
  ASSERT_TRUE(watch.ok()) << watch.status();
  EXPECT_THAT(Used(), ElementsAre("a"));
  const absl::Time first = *(*watch)->state().last_success;
  EXPECT_TRUE(Becomes([&] { return *(*watch)->state().last_success > first; }));
  EXPECT_THAT(Used(), ElementsAre("a"));
  Write("a 192.0.2.1:1\nb 192.0.2.2:1\n");
  EXPECT_TRUE(Becomes([&] { return Used().size() == 2; }));
  EXPECT_THAT(Used(), ElementsAre("a", "ab"));
}

TEST_F(NodeWatchTest, AListThatCannotBeUsedIsAFailureAndChangesNothing) {
  Write("a 192.0.2.1:1\n");
  const auto watch = Start();
  ASSERT_TRUE(watch.ok()) << watch.status();
  EXPECT_TRUE((*watch)->state().succeeded);
  EXPECT_EQ((*watch)->state().failures, 0u);
  Write("one two three\n");
  EXPECT_TRUE(Becomes([&] { return !(*watch)->state().succeeded; }));
  unlink(config_.file.c_str());
  const uint64_t failures = (*watch)->state().failures;
  EXPECT_TRUE(Becomes([&] { return (*watch)->state().failures > failures; }));
  EXPECT_FALSE((*watch)->state().succeeded);
  EXPECT_TRUE((*watch)->state().last_success.has_value());
  Write("a 192.0.2.1:1\n");
  EXPECT_TRUE(Becomes([&] { return (*watch)->state().succeeded; }));
  EXPECT_THAT(Used(), ElementsAre("a"));
}

TEST_F(NodeWatchTest, WithoutAUsableFileThereIsNoWatch) {
  unlink(config_.file.c_str());
  EXPECT_THAT(std::string(Start().status().message()), HasSubstr(config_.file));
  Write("a 192.0.2.1:1\n");
  chmod(config_.file.c_str(), 0666);
  EXPECT_THAT(std::string(Start().status().message()), HasSubstr("write"));
  EXPECT_THAT(Used(), ElementsAre());
}

}  // namespace
}  // namespace dissectd::server
