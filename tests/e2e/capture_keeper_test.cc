// SPDX-License-Identifier: GPL-2.0-or-later

// Tests captures that no daemon adopts, and keepers that fail.

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/e2e/dissection.h"
#include "tests/e2e/kept_capture_fixture.h"
#include "tests/e2e/process_children.h"

namespace dissectd {
namespace {

using CaptureKeeperTest = KeptCaptureFixture;

TEST_F(CaptureKeeperTest, AnInterruptEndsCaptures) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  SendUdp({.count = 20});
  client().WaitForPackets(capture.name(), 20);
  const pid_t keeper = ParentOf(DumpcapProcess(capture));
  EXPECT_EQ(ParentOf(keeper), daemon().pid());
  EndDaemon(SIGINT);
  WaitFor("the end of the keeper", [&] { return !IsRunning(keeper); });
  StartDaemon();
  const v1::Capture kept = client().Get(capture.name());
  EXPECT_EQ(kept.stopped().reason(), v1::STOP_REASON_SHUTDOWN);
  ExpectPackets(kept, 20);
}

TEST_F(CaptureKeeperTest, ItsEndIsThatOfTheCapture) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  SendUdp({.count = 20});
  client().WaitForPackets(capture.name(), 20);
  const pid_t dumpcap = DumpcapProcess(capture);
  kill(ParentOf(dumpcap), SIGKILL);
  const v1::Capture failed = client().WaitForEnd(capture.name());
  EXPECT_EQ(failed.state(), v1::CAPTURE_STATE_FAILED);
  EXPECT_EQ(failed.stopped().failure().reason(), "DUMPCAP_FAILED");
  EXPECT_FALSE(IsRunning(dumpcap));
  ExpectPackets(failed, 20);
  // The next one works.
  const v1::Capture next = client().Create(CaptureOfPackets(5));
  SendUdp({.count = 5});
  ExpectPackets(client().WaitForEnd(next.name()), 5);
}

TEST_F(CaptureKeeperTest, ItsEndWithoutADaemonEndsDumpcap) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  SendUdp({.count = 20});
  client().WaitForPackets(capture.name(), 20);
  const pid_t dumpcap = DumpcapProcess(capture);
  const pid_t keeper = ParentOf(dumpcap);
  EndDaemon(SIGKILL);
  kill(keeper, SIGKILL);
  WaitFor("the end of dumpcap", [&] { return !IsRunning(dumpcap); });
  StartDaemon();
  const v1::Capture kept = client().Get(capture.name());
  EXPECT_EQ(kept.stopped().reason(), v1::STOP_REASON_INTERRUPTED);
  EXPECT_EQ(NumbersOf(PacketsOf(kept)), Range(1, 20));
}

TEST_F(CaptureKeeperTest, ItEndsTheCaptureIfItIsTold) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  SendUdp({.count = 20});
  client().WaitForPackets(capture.name(), 20);
  const pid_t keeper = ParentOf(DumpcapProcess(capture));
  EndDaemon(SIGTERM);
  kill(keeper, SIGTERM);
  AwaitResult(capture);
  WaitFor("the end of the keeper", [&] { return !IsRunning(keeper); });
  StartDaemon();
  ExpectPackets(client().WaitForEnd(capture.name()), 20);
}

TEST_F(CaptureKeeperTest, ItAnswersAndLastsOnlyForItsCapture) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  const pid_t keeper = ParentOf(DumpcapProcess(capture));
  struct stat status = {};
  ASSERT_EQ(stat(PathOfOwn(capture, ".keeper").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  client().Stop(capture.name());
  WaitFor("the end of the keeper", [&] { return !IsRunning(keeper); });
  EXPECT_TRUE(client().Delete(capture.name(), true).ok());
  EXPECT_FALSE(std::filesystem::exists(PathOfOwn(capture, "")));
}

TEST_F(CaptureKeeperTest, AStartThatFailsLeavesNothing) {
  EXPECT_EQ(client().TryCreate(CaptureOf("nosuch0")).error_code(),
            grpc::StatusCode::NOT_FOUND);
  EXPECT_TRUE(client().List().empty());
  WaitFor("the end of all programs",
          [&] { return ChildrenOf(daemon().pid()).size() == 1; });
}

TEST_F(CaptureKeeperTest, PacketsFromAClientEndWithTheDaemon) {
  v1::CaptureOptions options;
  options.add_interfaces()->set_name("mine");
  options.mutable_interfaces(0)->set_from_client(true);
  const v1::Capture capture = client().Create(options);
  EXPECT_EQ(ParentOf(DumpcapProcess(capture)), daemon().pid());
  EndDaemon(SIGTERM);
  StartDaemon();
  EXPECT_EQ(client().Get(capture.name()).stopped().reason(),
            v1::STOP_REASON_SHUTDOWN);
}

// Whether the keeper answers a connection of this process.
bool AcceptsAnother(const std::string& path) {
  const int other = socket(AF_UNIX, SOCK_SEQPACKET, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  EXPECT_EQ(connect(other, reinterpret_cast<const sockaddr*>(&address),
                    sizeof(address)),
            0);
  char record = 0;
  const bool answers = recv(other, &record, sizeof(record), 0) > 0;
  close(other);
  return answers;
}

TEST_F(CaptureKeeperTest, ItHasOneDaemonAtATime) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  SendUdp({.count = 20});
  client().WaitForPackets(capture.name(), 20);
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(AcceptsAnother(PathOfOwn(capture, ".keeper")));
    const std::string line = "process " + std::to_string(getpid()) +
                             " tried to take over " + capture.name();
    WaitFor("the line of the log", [&] { return HasLogged(line); });
    SendUdp({.count = 10, .first = 21 + 20U * i});
    client().WaitForPackets(capture.name(), 30 + 20 * i);
    EndDaemon(i == 0 ? SIGTERM : SIGKILL);
    SendUdp({.count = 10, .first = 31 + 20U * i});
    StartDaemon();
    client().WaitForPackets(capture.name(), 40 + 20 * i);
  }
  const v1::Capture stopped = client().Stop(capture.name());
  EXPECT_EQ(stopped.stopped().reason(), v1::STOP_REASON_REQUESTED);
  ExpectPackets(stopped, 60);
}

// Sends a record that says that dumpcap goes on.
void PretendToBeKeeper(const std::string& path, int ready) {
  const int listener = socket(AF_UNIX, SOCK_SEQPACKET, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  unlink(path.c_str());
  constexpr uid_t kNobody = 65534;
  const bool listens =
      bind(listener, reinterpret_cast<const sockaddr*>(&address),
           sizeof(address)) == 0 &&
      setuid(kNobody) == 0 && listen(listener, 1) == 0;
  if (!listens || write(ready, "r", 1) != 1) _exit(1);
  const int daemon = accept(listener, nullptr, nullptr);
  const std::string hello = "H" + std::string(32, '\1');
  if (send(daemon, hello.data(), hello.size(), MSG_NOSIGNAL) < 0) _exit(1);
  pause();
}

TEST_F(CaptureKeeperTest, AnotherUserCannotPretendToBeIt) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  const pid_t dumpcap = DumpcapProcess(capture);
  EndDaemon(SIGKILL);
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t forger = fork();
  if (forger == 0) PretendToBeKeeper(PathOfOwn(capture, ".keeper"), ready[1]);
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  StartDaemon();
  EXPECT_EQ(client().Get(capture.name()).stopped().reason(),
            v1::STOP_REASON_INTERRUPTED);
  WaitFor("the end of dumpcap", [&] { return !IsRunning(dumpcap); });
  kill(forger, SIGKILL);
  waitpid(forger, nullptr, 0);
}

class ImpatientKeeperTest : public KeptCaptureFixture,
                            public ::testing::WithParamInterface<int> {
 protected:
  ImpatientKeeperTest() : KeptCaptureFixture({"--keep-captures=3"}) {}
};

INSTANTIATE_TEST_SUITE_P(Signals, ImpatientKeeperTest,
                         ::testing::Values(SIGTERM, SIGKILL),
                         [](const auto& info) {
                           return info.param == SIGTERM ? "Terminated"
                                                        : "Killed";
                         });

TEST_P(ImpatientKeeperTest, EndsTheCaptureIfNoDaemonComes) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  SendUdp({.count = 20});
  client().WaitForPackets(capture.name(), 20);
  const pid_t keeper = ParentOf(DumpcapProcess(capture));
  EndDaemon(GetParam());
  SendUdp({.count = 10, .first = 21});
  AwaitResult(capture);
  WaitFor("the end of the keeper", [&] { return !IsRunning(keeper); });
  StartDaemon();
  const v1::Capture kept = client().WaitForEnd(capture.name());
  EXPECT_EQ(kept.stopped().reason(), GetParam() == SIGTERM
                                         ? v1::STOP_REASON_SHUTDOWN
                                         : v1::STOP_REASON_INTERRUPTED);
  EXPECT_EQ(kept.stopped().exit_status(), 0);
  EXPECT_TRUE(HasLogged("the capture-keeper of " + capture.name() +
                        " ended it, as no daemon came"));
  EXPECT_FALSE(HasLogged(capture.name() + " went on"));
  ExpectPackets(kept, 30);
}

// Reads its options from a file, which a test can change.
class ChangedOptionTest : public KeptCaptureFixture {
 protected:
  ChangedOptionTest() : KeptCaptureFixture({"--config=" + Path()}) {
    Write("keep-captures = 120\n");
  }
  ~ChangedOptionTest() override { std::remove(Path().c_str()); }

  static std::string Path() {
    return "/tmp/dissectd-options-" + std::to_string(getpid());
  }
  static void Write(const std::string& options) {
    std::ofstream(Path()) << options;
  }
};

TEST_F(ChangedOptionTest, ADaemonThatKeepsNothingAdoptsAndStops) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  EndDaemon(SIGTERM);
  SendUdp({.count = 20});
  Write("keep-captures = 0\n");
  StartDaemon();
  client().WaitForPackets(capture.name(), 20);
  EndDaemon(SIGTERM);
  StartDaemon();
  const v1::Capture kept = client().Get(capture.name());
  EXPECT_EQ(kept.stopped().reason(), v1::STOP_REASON_SHUTDOWN);
  ExpectPackets(kept, 20);
}

}  // namespace
}  // namespace dissectd
