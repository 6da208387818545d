// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/glib_log.h"

#include <glib.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>
#include <utility>

#include "spdlog/sinks/ostream_sink.h"
#include "spdlog/spdlog.h"

namespace dissectd::engine {
namespace {

using ::testing::HasSubstr;

class GlibLogTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { RedirectGlibLog(); }

  GlibLogTest() {
    auto logger = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_));
    logger->set_pattern("%l %v");
    spdlog::set_default_logger(std::move(logger));
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
  }

  // Returns the log. Expects that nothing was written elsewhere.
  std::string Logged() {
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    return log_.str();
  }

 private:
  std::ostringstream log_;
};

TEST_F(GlibLogTest, TakesMessagesOfAnyDomain) {
  g_log("Domain", G_LOG_LEVEL_WARNING, "number %d", 1);
  EXPECT_EQ(Logged(), "warning Domain: number 1\n");
}

TEST_F(GlibLogTest, TakesStructuredMessages) {
  g_log_structured("Domain", G_LOG_LEVEL_CRITICAL, "MESSAGE", "number %d", 2);
  EXPECT_EQ(Logged(), "error Domain: number 2\n");
}

TEST_F(GlibLogTest, TakesGlibsOwnMessages) {
  // Removes a source that doesn't exist, which GLib logs.
  g_source_remove(4711);
  EXPECT_THAT(Logged(), HasSubstr("error GLib: "));
}

TEST_F(GlibLogTest, TakesWhatIsPrinted) {
  g_print("to output\n");
  g_printerr("to errors\n");
  EXPECT_EQ(Logged(), "info printed: to output\ninfo printed: to errors\n");
}

}  // namespace
}  // namespace dissectd::engine
