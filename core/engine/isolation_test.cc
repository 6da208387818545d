// SPDX-License-Identifier: GPL-2.0-or-later

// Tests what dissectd-engine does on kernels that can't confine workers, and
// which plugins it loads.

#include <gtest/gtest.h>
#include <seccomp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/engine/testing/capture_builder.h"
#include "core/engine/testing/engine_driver.h"
#include "core/ipc/protocol.h"
#include "core/sandbox/process_rights.h"

namespace dissectd::engine {
namespace {

constexpr char kEnginePath[] = "core/engine/dissectd-engine";

// Makes the kernel seem to have no seccomp for programs that are executed.
void HideSeccomp() {
  const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0);
  if (seccomp_load(filter) != 0) _exit(EXIT_FAILURE);
  seccomp_release(filter);
}

// Runs the engine on a kernel without seccomp, and closes its control channel
// once it has sent something or has ended. Returns its exit status.
int StatusWithoutSeccomp(const char* option) {
  int pair[2];
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
  const pid_t pid = fork();
  if (pid == 0) {
    const std::string control = "--control-fd=" + std::to_string(dup(pair[1]));
    HideSeccomp();
    execl(kEnginePath, kEnginePath, control.c_str(), option, nullptr);
    _exit(EXIT_FAILURE);
  }
  close(pair[1]);
  ipc::ControlMessage ready = {};
  const ssize_t received = recv(pair[0], &ready, sizeof(ready), 0);
  close(pair[0]);
  int status = 0;
  EXPECT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(received > 0, WEXITSTATUS(status) == 0);
  return WEXITSTATUS(status);
}

TEST(IsolationTest, TheEngineDoesNotStartWithoutASandboxUnlessAllowed) {
  if (kHasSanitizer) GTEST_SKIP() << "builds with sanitizers have no sandbox";
  EXPECT_EQ(StatusWithoutSeccomp(nullptr), ipc::kCannotInitialise);
  EXPECT_EQ(StatusWithoutSeccomp("--allow-without-sandbox"), 0);
}

// Returns a script that registers a protocol.
std::string ScriptFor(const std::string& protocol) {
  return "Proto(\"" + protocol + "\", \"" + protocol + "\")\n";
}

// Returns the code of the status of a request that names a protocol.
int CodeFor(EngineDriver* engine, const std::string& protocol) {
  v1::DissectRequest request;
  request.mutable_view()->set_display_filter(protocol);
  const Answer answer = engine->Dissect(
      CaptureBuilder().Add(UdpFrame(1, 2, "payload")).bytes(), request);
  EXPECT_TRUE(answer.status.has_value());
  return answer.status.has_value() ? answer.status->code() : -1;
}

TEST(IsolationTest, LoadsPluginsOfTheUserOnlyIfAllowed) {
  const std::string home = std::string(std::getenv("TEST_TMPDIR")) + "/home";
  const std::string plugins = home + "/.local/lib/wireshark/plugins";
  const std::string profile = home + "/.config/wireshark";
  std::filesystem::create_directories(plugins);
  std::filesystem::create_directories(profile + "/plugins");
  std::ofstream(plugins + "/first.lua") << ScriptFor("first");
  std::ofstream(profile + "/plugins/second.lua") << ScriptFor("second");
  std::ofstream(profile + "/init.lua") << ScriptFor("third");
  setenv("HOME", home.c_str(), 1);
  unsetenv("XDG_CONFIG_HOME");
  EngineDriver strict;
  EngineDriver lenient({"--allow-plugins"});
  for (const char* protocol : {"first", "second", "third"}) {
    EXPECT_NE(CodeFor(&strict, protocol), 0) << protocol;
    EXPECT_EQ(CodeFor(&lenient, protocol), 0) << protocol;
  }
  // A plugin of libwireshark's package.
  EXPECT_EQ(CodeFor(&strict, "gryphon"), 0);
}

}  // namespace
}  // namespace dissectd::engine
