// SPDX-License-Identifier: GPL-2.0-or-later

// Tests a dumpcap that is missing or misbehaves.

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/capture_client.h"
#include "tests/e2e/capture_faults.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/deadline_status.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

using grpc::StatusCode;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr char kForever[] = "exec sleep 1000\n";

std::string Send(char letter, const std::string& text) {
  return BrokenDumpcap::Send(letter, text);
}

std::string SendFile() { return Send('F', "/store/capture.pcapng"); }

// Returns a script that captures three packets, waits until the test knows, and
// then runs `what`.
std::string ThenAfterThreePackets(const std::string& what) {
  return SendFile() + Send('P', "3") + BrokenDumpcap::AwaitRelease() + what;
}

// A daemon with a broken dumpcap.
class Broken {
 public:
  explicit Broken(const std::string& script,
                  const std::string& version = "4.0.17")
      : dumpcap_(script, version),
        daemon_({dumpcap_.argument()}),
        client_(daemon_.Connect()) {}
  ~Broken() {
    WaitFor("the end of dumpcap",
            [&] { return DumpcapsOf(daemon_.pid()).empty(); });
    ExpectServing();
  }
  Broken(const Broken&) = delete;
  Broken& operator=(const Broken&) = delete;

  const CaptureClient& client() const { return client_; }
  const BrokenDumpcap& dumpcap() const { return dumpcap_; }
  const DaemonProcess& daemon() const { return daemon_; }

  void ExpectNoStart(StatusCode code, const std::string& reason) {
    ExpectError(client_.TryCreate(CaptureOf("lo")), code, reason);
    EXPECT_TRUE(client_.List().empty());
  }

  // Runs a capture that has three packets when the fault happens.
  v1::Capture RunUntilItEnds() {
    const v1::Capture capture = client_.Create(CaptureOf("lo"));
    client_.WaitForPackets(capture.name(), 3);
    dumpcap_.Release();
    return client_.WaitForEnd(capture.name());
  }

 private:
  // Expects that the daemon still serves, as far as the broken dumpcap allows.
  void ExpectServing() {
    DissectionResult result =
        Dissect(daemon_.Connect(), RequestFor("nosuch.pcap"));
    EXPECT_EQ(result.status.error_code(), StatusCode::NOT_FOUND);
    client_.List();
  }

  const BrokenDumpcap dumpcap_;
  const DaemonProcess daemon_;
  const CaptureClient client_;
};

void ExpectFailed(const v1::Capture& capture, const std::string& reason) {
  EXPECT_EQ(capture.state(), v1::CAPTURE_STATE_FAILED);
  EXPECT_EQ(capture.stopped().reason(), v1::STOP_REASON_FAILED);
  EXPECT_EQ(capture.stopped().failure().reason(), reason);
  EXPECT_FALSE(capture.stopped().failure().message().empty());
  EXPECT_EQ(capture.packets_written(), 3u);
  EXPECT_EQ(capture.stopped().packets_written(), 3u);
}

TEST(BrokenDumpcapTest, IsMissing) {
  const DaemonProcess daemon({"--dumpcap=/nonexistent"});
  const CaptureClient client(daemon.Connect());
  const grpc::Status status = client.TryCreate(CaptureOf("lo"));
  ExpectError(status, StatusCode::FAILED_PRECONDITION, "DUMPCAP_MISSING");
  EXPECT_EQ(FailureOf(status).metadata().at("program"), "/nonexistent");
  EXPECT_TRUE(client.List().empty());
}

// A dumpcap that is installed later is found.
TEST(BrokenDumpcapTest, IsInstalledLater) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/dumpcap";
  const DaemonProcess daemon({"--dumpcap=" + path});
  const CaptureClient client(daemon.Connect());
  ExpectError(client.TryCreate(CaptureOf("lo")),
              StatusCode::FAILED_PRECONDITION, "DUMPCAP_MISSING");
  ASSERT_EQ(symlink("/usr/bin/dumpcap", path.c_str()), 0);
  ExpectError(client.TryCreate(CaptureOf("nosuch")), StatusCode::NOT_FOUND,
              "INTERFACE_NOT_FOUND");
  // A dumpcap that is removed is reported as missing.
  ASSERT_EQ(unlink(path.c_str()), 0);
  ExpectError(client.TryCreate(CaptureOf("lo")),
              StatusCode::FAILED_PRECONDITION, "DUMPCAP_MISSING");
}

TEST(BrokenDumpcapTest, IsTooOld) {
  for (const char* version : {"3.6.9", "1.12.0"}) {
    Broken broken(kForever, version);
    broken.ExpectNoStart(StatusCode::FAILED_PRECONDITION, "DUMPCAP_TOO_OLD");
  }
}

// Users of pyshark and termshark have a link of this name.
TEST(BrokenDumpcapTest, IsDissectctl) {
  const std::string with_daemon =
      "echo 'TShark (Wireshark) 4.0.17.'; echo 'This is dissectctl 1.0.'\n";
  const std::string without_daemon =
      "echo 'dumpcap: Start one with: dissectd --store=DIR' >&2; exit 3\n";
  for (const std::string& answer : {with_daemon, without_daemon}) {
    const TemporaryFolder folder;
    folder.Write("dumpcap", "#!/bin/sh\n" + answer);
    const std::string path = folder.path() + "/dumpcap";
    ASSERT_EQ(chmod(path.c_str(), 0755), 0);
    const DaemonProcess daemon({"--dumpcap=" + path});
    const CaptureClient client(daemon.Connect());
    const grpc::Status status = client.TryCreate(CaptureOf("lo"));
    ExpectError(status, StatusCode::FAILED_PRECONDITION, "DUMPCAP_MISSING");
    EXPECT_EQ(status.error_message(),
              "\"" + path +
                  "\" is dissectctl, not dumpcap; start dissectd with "
                  "--dumpcap=/usr/bin/dumpcap.");
  }
}

TEST(BrokenDumpcapTest, HasNoVersion) {
  Broken broken(kForever, "unknown");
  broken.ExpectNoStart(StatusCode::INTERNAL, "DUMPCAP_PROTOCOL_ERROR");
}

TEST(BrokenDumpcapTest, IsKilledBeforeItTellsItsVersion) {
  const TemporaryFolder folder;
  folder.Write("dumpcap", "#!/bin/sh\nkill -9 $$\n");
  const std::string path = folder.path() + "/dumpcap";
  ASSERT_EQ(chmod(path.c_str(), 0755), 0);
  const DaemonProcess daemon({"--dumpcap=" + path});
  const grpc::Status status =
      CaptureClient(daemon.Connect()).TryCreate(CaptureOf("lo"));
  ExpectError(status, StatusCode::INTERNAL, "DUMPCAP_FAILED");
  EXPECT_EQ(status.error_message(),
            "\"" + path + " -v\" ended with signal 9 and told no version.");
}

TEST(BrokenDumpcapTest, HangsAtTheStart) {
  Broken broken(kForever);
  const auto begin = steady_clock::now();
  broken.ExpectNoStart(StatusCode::UNAVAILABLE, "DUMPCAP_HANGS");
  EXPECT_GE(steady_clock::now() - begin, seconds(9));
  EXPECT_LT(steady_clock::now() - begin, seconds(15));
}

// Covers the runs of dumpcap that list interfaces, not only captures.
TEST(BrokenDumpcapTest, HangsAtAQuestion) {
  Broken broken("trap '' INT TERM\n" + std::string(kForever));
  v1::ListInterfacesResponse interfaces;
  ExpectError(broken.client().Call(&v1::CaptureService::Stub::ListInterfaces,
                                   v1::ListInterfacesRequest(), &interfaces),
              StatusCode::UNAVAILABLE, "DUMPCAP_HANGS");
}

TEST(BrokenDumpcapTest, SaysNonsenseAtTheStart) {
  const std::string too_long("F\x7f\xff\xff", 4);
  for (const std::string& bytes :
       {std::string("usage: dumpcap\n"), std::string("\xff\xfe\0\x01", 4),
        too_long, std::string(10'000, 'x'), std::string("P\0\0\3-1\0", 7)}) {
    Broken broken(BrokenDumpcap::SendBytes(bytes) + kForever);
    broken.ExpectNoStart(StatusCode::INTERNAL, "DUMPCAP_PROTOCOL_ERROR");
  }
}

TEST(BrokenDumpcapTest, SaysWhatBelongsElsewhere) {
  for (const std::string& message :
       {Send('S', ""), Send('P', "1"), Send('X', "2"), Send('I', "[]")}) {
    Broken broken(message + kForever);
    broken.ExpectNoStart(StatusCode::INTERNAL, "DUMPCAP_PROTOCOL_ERROR");
  }
}

TEST(BrokenDumpcapTest, SaysNonsenseInMidRun) {
  Broken broken(
      ThenAfterThreePackets(BrokenDumpcap::SendBytes("\xff\xfe nonsense\n") +
                            // The program ignores signals as well.
                            "trap '' INT TERM\n" + kForever));
  const v1::Capture capture = broken.RunUntilItEnds();
  ExpectFailed(capture, "DUMPCAP_PROTOCOL_ERROR");
  // SIGTERM ends dumpcap unless it arrived too late.
  EXPECT_TRUE(capture.stopped().signal() == SIGTERM ||
              capture.stopped().signal() == SIGKILL);
}

TEST(BrokenDumpcapTest, EndsWithoutAWord) {
  for (const char* script : {"exit 3\n", "exit 0\n", "kill -SEGV $$\n"}) {
    Broken broken(script);
    broken.ExpectNoStart(StatusCode::INTERNAL, "DUMPCAP_FAILED");
  }
}

TEST(BrokenDumpcapTest, EndsWithoutAWordInMidRun) {
  Broken failing(ThenAfterThreePackets("exit 3\n"));
  const v1::Capture failed = failing.RunUntilItEnds();
  ExpectFailed(failed, "DUMPCAP_FAILED");
  EXPECT_EQ(failed.stopped().exit_status(), 3);

  Broken crashing(ThenAfterThreePackets("kill -SEGV $$\n"));
  const v1::Capture crashed = crashing.RunUntilItEnds();
  ExpectFailed(crashed, "DUMPCAP_FAILED");
  EXPECT_EQ(crashed.stopped().signal(), SIGSEGV);
  EXPECT_FALSE(crashed.stopped().has_exit_status());

  // dumpcap exits successfully, although no stop condition was met.
  Broken silent(ThenAfterThreePackets("exit 0\n"));
  const v1::Capture ended = silent.RunUntilItEnds();
  ExpectFailed(ended, "DUMPCAP_FAILED");
  EXPECT_EQ(ended.stopped().exit_status(), 0);
  EXPECT_EQ(ended.packets_written(), 3u);
  EXPECT_TRUE(ended.drops().empty());
}

TEST(BrokenDumpcapTest, EndsInTheMiddleOfAMessage) {
  const std::string half("F\0\0\x15/stor", 9);
  for (const char* end : {"exit 0\n", "exit 1\n"}) {
    Broken at_start(BrokenDumpcap::SendBytes(half) + end);
    at_start.ExpectNoStart(StatusCode::INTERNAL, "DUMPCAP_PROTOCOL_ERROR");
    Broken later(ThenAfterThreePackets(BrokenDumpcap::SendBytes(half) + end));
    ExpectFailed(later.RunUntilItEnds(), "DUMPCAP_PROTOCOL_ERROR");
  }
}

// A running dumpcap may write a message in pieces and take its time.
TEST(BrokenDumpcapTest, WritesMessagesInPieces) {
  Broken broken(SendFile() + BrokenDumpcap::SendBytes(std::string("P\0", 2)) +
                BrokenDumpcap::AwaitRelease() +
                BrokenDumpcap::SendBytes(std::string("\0\2"
                                                     "3\0",
                                                     4)) +
                "exit 0\n");
  const v1::Capture capture = broken.client().Create(CaptureOfPackets(3));
  EXPECT_EQ(capture.state(), v1::CAPTURE_STATE_RUNNING);
  broken.dumpcap().Release();
  const v1::Capture ended = broken.client().WaitForEnd(capture.name());
  EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_CONDITION);
  EXPECT_EQ(ended.packets_written(), 3u);
}

// A disconnected client repeats its request while the first start is still
// under way.
TEST(BrokenDumpcapTest, IsStartedOnceForARequestThatIsRepeated) {
  Broken broken(BrokenDumpcap::AwaitRelease() + SendFile() + Send('P', "3") +
                kForever);
  v1::CreateCaptureRequest request;
  *request.mutable_options() = CaptureOf("lo");
  request.set_request_id("once");
  v1::CreateCaptureResponse nothing;
  grpc::ClientContext short_context;
  short_context.set_deadline(std::chrono::system_clock::now() +
                             std::chrono::milliseconds(300));
  EXPECT_THAT(broken.client()
                  .stub()
                  ->CreateCapture(&short_context, request, &nothing)
                  .error_code(),
              IsEndAtDeadline());
  std::vector<v1::CreateCaptureResponse> responses(3);
  std::vector<std::thread> calls;
  calls.reserve(responses.size());
  for (v1::CreateCaptureResponse& response : responses) {
    calls.emplace_back([&broken, &request, &response] {
      const grpc::Status status = broken.client().Call(
          &v1::CaptureService::Stub::CreateCapture, request, &response);
      EXPECT_TRUE(status.ok()) << status.error_message();
    });
  }
  broken.dumpcap().Release();
  for (std::thread& call : calls) call.join();
  EXPECT_EQ(broken.client().List().size(), 1u);
  for (const v1::CreateCaptureResponse& response : responses) {
    EXPECT_EQ(response.capture().name(), responses[0].capture().name());
  }
  EXPECT_EQ(DumpcapsOf(broken.daemon().pid()).size(), 1u);
  for (const v1::Capture& capture : broken.client().List()) {
    broken.client().Stop(capture.name());
  }
}

// The daemon ends dumpcap when it stops, even while dumpcap starts.
TEST(BrokenDumpcapTest, HangsWhileTheDaemonEnds) {
  const BrokenDumpcap dumpcap(kForever);
  DaemonProcess daemon({dumpcap.argument()});
  std::thread call([&daemon] {
    const CaptureClient client(daemon.Connect());
    EXPECT_FALSE(client.TryCreate(CaptureOf("lo")).ok());
  });
  std::vector<pid_t> dumpcaps;
  WaitFor("dumpcap", [&] {
    dumpcaps = DumpcapsOf(daemon.pid());
    return dumpcaps.size() == 1;
  });
  EXPECT_EQ(daemon.Stop(), 0);
  call.join();
  ASSERT_EQ(dumpcaps.size(), 1u);
  EXPECT_NE(kill(dumpcaps[0], 0), 0) << "dumpcap is still there";
}

}  // namespace
}  // namespace dissectd
