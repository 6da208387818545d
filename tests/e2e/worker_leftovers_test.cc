// SPDX-License-Identifier: GPL-2.0-or-later

// Tests what a worker that does as it likes leaves behind: lines that look like
// those of the daemon's log, and processes. Scripts in Lua play the worker.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/types.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

using ::testing::Contains;

constexpr char kForger[] = R"lua(
  io.stderr:write("last words\n",
                  "2026-01-01T00:00:00Z info dissectd[1]: forged\r\27[2J\n")
  os.exit(7)
)lua";

constexpr char kForker[] = R"lua(
  local note = ...
  os.execute("sleep 600 >/dev/null 2>&1 & echo $! > " .. note)
)lua";

v1::DissectRequest RequestWith(const std::string& script,
                               const std::string& argument) {
  v1::DissectRequest request;
  request.set_inline_capture(CaptureBuilder().Add(UdpFrame(1, 2, "x")).bytes());
  v1::LuaScript* lua = request.mutable_options()->add_lua_scripts();
  lua->set_name("script.lua");
  lua->set_content(script);
  lua->add_arguments(argument);
  return request;
}

// A daemon that logs into a file.
class LoggingDaemon {
 public:
  explicit LoggingDaemon(const std::string& format) {
    const int file = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    const int own = dup(STDERR_FILENO);
    dup2(file, STDERR_FILENO);
    daemon_ = std::make_unique<DaemonProcess>(
        std::vector<std::string>{"--allow-lua", "--log-format=" + format});
    dup2(own, STDERR_FILENO);
    close(own);
    close(file);
  }

  DaemonProcess& process() { return *daemon_; }

  // Stops the daemon, and returns the lines of its log.
  std::vector<std::string> Lines() {
    EXPECT_EQ(daemon_->Stop(), 0);
    std::vector<std::string> lines;
    std::ifstream file(path_);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

 private:
  const TemporaryFolder folder_;
  const std::string path_ = folder_.path() + "/log";
  std::unique_ptr<DaemonProcess> daemon_;
};

TEST(WorkerLeftoversTest, LastWordsAreInTheLogAndForgeNoLines) {
  LoggingDaemon daemon("json");
  const DissectionResult result =
      Dissect(daemon.process().Connect(), RequestWith(kForger, ""));
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::INTERNAL);
  const int pid = daemon.process().pid();
  std::vector<std::string> messages;
  for (const std::string& line : daemon.Lines()) {
    const nlohmann::json json = nlohmann::json::parse(line, nullptr, false);
    ASSERT_TRUE(json.is_object()) << line;
    EXPECT_EQ(json["program"], "dissectd");
    EXPECT_EQ(json["pid"], pid);
    messages.push_back(json["message"]);
  }
  EXPECT_THAT(messages, Contains("engine: last words"));
  EXPECT_THAT(messages,
              Contains("engine: 2026-01-01T00:00:00Z info dissectd[1]: "
                       "forged\\x0d\\x1b[2J"));
}

TEST(WorkerLeftoversTest, EveryLineOfTextIsTheDaemons) {
  LoggingDaemon daemon("text");
  Dissect(daemon.process().Connect(), RequestWith(kForger, ""));
  const std::string name =
      " dissectd[" + std::to_string(daemon.process().pid()) + "]: ";
  int forged = 0;
  for (const std::string& line : daemon.Lines()) {
    EXPECT_NE(line.find(name), std::string::npos) << line;
    if (line.find("forged") == std::string::npos) continue;
    ++forged;
    EXPECT_NE(line.find(name + "engine: 2026-"), std::string::npos) << line;
  }
  EXPECT_GT(forged, 0);
}

TEST(WorkerLeftoversTest, ProcessesEndWithTheWorker) {
  const DaemonProcess daemon({"--allow-lua"});
  const TemporaryFolder folder;
  const std::string note = folder.path() + "/pid";
  const DissectionResult result =
      Dissect(daemon.Connect(), RequestWith(kForker, note));
  EXPECT_TRUE(result.status.ok()) << result.status.error_message();
  pid_t left_behind = 0;
  std::ifstream(note) >> left_behind;
  ASSERT_GT(left_behind, 0);
  WaitFor("the end of what the worker has started",
          [left_behind] { return kill(left_behind, 0) != 0; });
}

}  // namespace
}  // namespace dissectd
