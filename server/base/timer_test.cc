// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/timer.h"

#include <gtest/gtest.h>

#include <asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <optional>

namespace dissectd::server {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(TimerTest, CallsItsFunctionOnce) {
  asio::io_context context;
  Timer timer(context);
  int calls = 0;
  timer.Start(milliseconds(1), [&] { ++calls; });
  context.run();
  EXPECT_EQ(calls, 1);
}

TEST(TimerTest, AnotherStartReplacesTheFirst) {
  asio::io_context context;
  Timer timer(context);
  int calls = 0;
  timer.Start(hours(1), [&] { calls += 10; });
  timer.Start(milliseconds(1), [&] { ++calls; });
  context.run();
  EXPECT_EQ(calls, 1);
}

// Both timers expire together, so that the second one has expired when the
// first one stops or destroys it.
TEST(TimerTest, IsSilentOnceItIsStoppedAlthoughItHasExpired) {
  asio::io_context context;
  Timer first(context);
  Timer stopped(context);
  std::optional<Timer> destroyed(context);
  Timer restarted(context);
  const Timer::Clock::time_point then = Timer::Clock::now();
  int calls = 0;
  first.StartAt(then, [&] {
    stopped.Stop();
    destroyed.reset();
    restarted.Start(milliseconds(1), [&] { ++calls; });
  });
  const auto wrong = [] { FAIL() << "the timer was stopped"; };
  stopped.StartAt(then + milliseconds(1), wrong);
  destroyed->StartAt(then + milliseconds(1), wrong);
  restarted.StartAt(then + milliseconds(1), wrong);
  while (Timer::Clock::now() < then + milliseconds(2)) continue;
  context.run();
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace dissectd::server
