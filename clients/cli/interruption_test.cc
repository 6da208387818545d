// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/interruption.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>

#include "clients/cli/interrupt_handler.h"

namespace dissectd::cli {
namespace {

class InterruptionTest : public testing::Test {
 protected:
  ~InterruptionTest() override { ForgetInterruption(); }
};

TEST_F(InterruptionTest, CallsTheLastFunctionFirst) {
  std::string calls;
  const OnInterrupt first([&calls] { calls += "a"; });
  const OnInterrupt second([&calls] { calls += "b"; });
  EXPECT_FALSE(WasInterrupted());
  Interrupt();
  Interrupt();
  EXPECT_EQ(calls, "ba");
  EXPECT_TRUE(WasInterrupted());
}

TEST_F(InterruptionTest, CallsAtOnceIfInterrupted) {
  bool called = false;
  Interrupt();
  const OnInterrupt late([&called] { called = true; });
  EXPECT_TRUE(called);
}

TEST_F(InterruptionTest, CallsNothingThatIsOver) {
  bool called = false;
  {
    const OnInterrupt over([&called] { called = true; });
  }
  Interrupt();
  EXPECT_FALSE(called);
}

TEST_F(InterruptionTest, GoesOnIfForgotten) {
  bool called = false;
  Interrupt();
  ForgetInterruption();
  EXPECT_FALSE(WasInterrupted());
  const OnInterrupt late([&called] { called = true; });
  EXPECT_FALSE(called);
}

// `timeout` sends its signal twice.
TEST_F(InterruptionTest, TwoSignalsAreOneInterruption) {
  int calls = 0;
  {
    const OnInterrupt count([&calls] { ++calls; });
    const InterruptHandler handler(Interrupt);
    std::raise(SIGTERM);
    std::raise(SIGTERM);
    std::raise(SIGINT);
  }
  EXPECT_EQ(calls, 1);
}

void RaiseAgainWhenItIsOver() {
  {
    const InterruptHandler handler(Interrupt);
    std::raise(SIGTERM);
  }
  std::raise(SIGTERM);
  std::exit(2);
}

TEST(InterruptHandlerDeathTest, TheSecondSignalMayComeWhenAllIsOver) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(RaiseAgainWhenItIsOver(), testing::ExitedWithCode(2), "");
}

void RaiseAgainAfterASecond() {
  const InterruptHandler handler(Interrupt);
  std::raise(SIGINT);
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  std::raise(SIGINT);
}

TEST(InterruptHandlerDeathTest, EndsByASignalAfterASecond) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(RaiseAgainAfterASecond(), testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace dissectd::cli
