// SPDX-License-Identifier: GPL-2.0-or-later

// Tests FeedCapture: captures of packets that the client sends.

#include <gtest/gtest.h>
#include <sys/capability.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "server/base/capabilities_ptr.h"
#include "tests/e2e/capture_faults.h"
#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

using grpc::StatusCode;

constexpr char kInterface[] = "/the/client's pipe";

v1::CaptureOptions FromClient(const std::string& name = kInterface) {
  v1::CaptureOptions options;
  options.add_interfaces()->set_name(name);
  options.mutable_interfaces(0)->set_from_client(true);
  return options;
}

std::string Frame() { return UdpFrame(1000, 2000, "hello"); }

// Returns a pcap file with frames.
std::string Frames(int count) {
  CaptureBuilder capture;
  for (int i = 0; i < count; ++i) capture.Add(Frame());
  return capture.bytes();
}

// A call of FeedCapture.
class Feed {
 public:
  // Sends the first message.
  Feed(const CaptureClient& client, const std::string& name,
       const std::string& bytes = "") {
    CaptureClient::SetDeadline(&context_);
    writer_ = client.stub()->FeedCapture(&context_, &response_);
    v1::FeedCaptureRequest request;
    request.set_name(name);
    request.set_data(bytes);
    writer_->Write(request);
  }
  ~Feed() {
    if (finished_) return;
    context_.TryCancel();
    writer_->Finish().ok();
  }
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  // Returns whether the call still runs.
  bool Send(const std::string& bytes) {
    v1::FeedCaptureRequest request;
    request.set_data(bytes);
    return writer_->Write(request);
  }
  void Cancel() { context_.TryCancel(); }
  // Ends the packets.
  grpc::Status Finish() {
    writer_->WritesDone();
    return Wait();
  }
  // Waits until the server ends the call.
  grpc::Status Wait() {
    finished_ = true;
    return writer_->Finish();
  }

 private:
  grpc::ClientContext context_;
  v1::FeedCaptureResponse response_;
  std::unique_ptr<grpc::ClientWriter<v1::FeedCaptureRequest>> writer_;
  bool finished_ = false;
};

// Returns the value of a line of /proc/PID/status.
std::string StatusOf(pid_t pid, const std::string& name) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(name + ":\t", 0) == 0) return line.substr(name.size() + 2);
  }
  return "";
}

std::string ContentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Expects that the only dumpcap of a daemon has no capabilities, and can't gain
// any.
void ExpectNoCapabilities(pid_t daemon) {
  const std::vector<pid_t> dumpcaps = DumpcapsOf(daemon);
  ASSERT_EQ(dumpcaps.size(), 1u);
  for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb"}) {
    EXPECT_EQ(StatusOf(dumpcaps[0], set), "0000000000000000") << set;
  }
  EXPECT_EQ(StatusOf(dumpcaps[0], "NoNewPrivs"), "1");
}

class CaptureFeedTest : public CaptureFixture {
 protected:
  void TearDown() override {
    if (!IsSkipped()) ExpectServing(daemon());
  }

  std::string Create() { return client().Create(FromClient()).name(); }

  // Starts a capture and sends three packets.
  std::string Begin(std::unique_ptr<Feed>* feed) {
    std::string name = Create();
    *feed = std::make_unique<Feed>(client(), name, Frames(3));
    client().WaitForPackets(name, 3);
    return name;
  }

  // Feeds a capture with bytes in which dumpcap finds a fault, and returns it
  // at its end.
  v1::Capture FeedFault(const std::string& bytes) {
    const std::string name = Create();
    Feed feed(client(), name, bytes);
    // The server may end the call before the client does.
    feed.Finish().ok();
    v1::Capture ended = client().WaitForEnd(name);
    EXPECT_EQ(ended.state(), v1::CAPTURE_STATE_FAILED);
    EXPECT_EQ(ended.stopped().failure().reason(), "PIPE_DATA_INVALID")
        << ended.stopped().DebugString();
    return ended;
  }

  void ExpectInvalid(const v1::CaptureOptions& options) {
    ExpectError(client().TryCreate(options), StatusCode::INVALID_ARGUMENT,
                "CAPTURE_OPTION_INVALID");
  }
};

TEST_F(CaptureFeedTest, PacketsArriveWhileTheyAreSent) {
  std::unique_ptr<Feed> feed;
  const std::string name = Begin(&feed);
  EXPECT_EQ(client().Get(name).state(), v1::CAPTURE_STATE_RUNNING);
  LiveDissection follower(channel(), LiveDissection::RequestFor(name));
  follower.WaitForFrames(3);
  EXPECT_EQ(follower.FrameNumbers(), Range(1, 3));
  // A record in two messages.
  const std::string more = Frames(2).substr(CaptureBuilder().bytes().size());
  EXPECT_TRUE(feed->Send(more.substr(0, 30)));
  EXPECT_TRUE(feed->Send(""));
  EXPECT_TRUE(feed->Send(more.substr(30)));
  follower.WaitForFrames(5);
  const grpc::Status status = feed->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(follower.Finish().ok());
  const v1::Capture ended = client().WaitForEnd(name);
  EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_CONDITION)
      << ended.stopped().DebugString();
  ASSERT_EQ(ended.drops_size(), 1);
  EXPECT_EQ(ended.drops(0).interface(), kInterface);
  const std::vector<StoredPacket> packets = PacketsOf(ended);
  ASSERT_EQ(packets.size(), 5u);
  for (const StoredPacket& packet : packets) EXPECT_EQ(packet.bytes, Frame());
  const std::string file = ContentOf(PathOf(client().Files(name)[0]));
  EXPECT_NE(file.find(kInterface), std::string::npos);
}

TEST_F(CaptureFeedTest, DumpcapHasNoCapabilities) {
  std::unique_ptr<Feed> feed;
  const std::string name = Begin(&feed);
  ExpectNoCapabilities(daemon().pid());
  EXPECT_TRUE(feed->Finish().ok());
  client().WaitForEnd(name);
  for (const v1::CaptureEvent& event : client().Watch(name)) {
    EXPECT_FALSE(event.has_message()) << event.DebugString();
  }
}

// In combination with another interface, dumpcap needs its capabilities.
TEST_F(CaptureFeedTest, MixesWithAnInterface) {
  v1::CaptureOptions options = FromClient();
  *options.add_interfaces() = CaptureOf("lo").interfaces(0);
  const std::string name = client().Create(options).name();
  Feed feed(client(), name, Frames(3));
  client().WaitForPackets(name, 3);
  SendUdp({.count = 2});
  client().WaitForPackets(name, 5);
  const v1::Capture stopped = client().Stop(name);
  EXPECT_EQ(stopped.packets_written(), 5u);
  EXPECT_EQ(stopped.stopped().reason(), v1::STOP_REASON_REQUESTED);
}

// dumpcap alone would go on with the other interface.
TEST_F(CaptureFeedTest, AMixedCaptureEndsWhenTheClientVanishes) {
  v1::CaptureOptions options = FromClient();
  *options.add_interfaces() = CaptureOf("lo").interfaces(0);
  const std::string name = client().Create(options).name();
  Feed feed(client(), name, Frames(3));
  client().WaitForPackets(name, 3);
  feed.Cancel();
  EXPECT_EQ(feed.Wait().error_code(), StatusCode::CANCELLED);
  const v1::Capture ended = client().WaitForEnd(name);
  EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_IDLE);
}

// dumpcap would write beyond its buffer.
TEST_F(CaptureFeedTest, RefusesALongSectionHeader) {
  const std::string name = Create();
  Feed feed(client(), name,
            std::string("\n\r\r\n\x00\x10\x00\x00\x4d\x3c\x2b\x1a", 12) +
                std::string(4096 - 12, '\0'));
  const grpc::Status status = feed.Wait();
  ExpectError(status, StatusCode::FAILED_PRECONDITION, "PIPE_DATA_INVALID");
  const v1::Capture ended = client().WaitForEnd(name);
  EXPECT_EQ(ended.stopped().failure().reason(), "PIPE_DATA_INVALID");
  EXPECT_EQ(ended.stopped().signal(), 0);
}

TEST_F(CaptureFeedTest, OtherBytesFailTheCapture) {
  const v1::Capture ended = FeedFault(std::string(1000, 'x'));
  EXPECT_EQ(ended.file_count(), 0u);
  EXPECT_NE(ended.stopped().failure().message().find(
                "neither in a supported pcap format nor in pcapng format"),
            std::string::npos);
}

TEST_F(CaptureFeedTest, NoBytesFailTheCapture) {
  EXPECT_EQ(FeedFault("").file_count(), 0u);
  EXPECT_EQ(FeedFault(Frames(1).substr(0, 10)).file_count(), 0u);
}

TEST_F(CaptureFeedTest, KeepsWhatComesBeforeALie) {
  const v1::Capture ended = FeedFault(
      CaptureBuilder().Add(Frame()).AddCutShort(Frame(), 1U << 30).bytes());
  EXPECT_EQ(PacketsOf(ended).size(), 1u);
}

TEST_F(CaptureFeedTest, EndsInMidRecord) {
  const std::string name = Create();
  const std::string bytes = Frames(3);
  Feed feed(client(), name, bytes.substr(0, bytes.size() - 10));
  EXPECT_TRUE(feed.Finish().ok());
  const v1::Capture ended = client().WaitForEnd(name);
  EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_CONDITION);
  EXPECT_EQ(PacketsOf(ended).size(), 2u);
}

TEST_F(CaptureFeedTest, EndsWhenTheClientVanishes) {
  std::unique_ptr<Feed> feed;
  const std::string name = Begin(&feed);
  feed->Cancel();
  EXPECT_EQ(feed->Wait().error_code(), StatusCode::CANCELLED);
  const v1::Capture ended = client().WaitForEnd(name);
  EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_CONDITION);
  EXPECT_EQ(PacketsOf(ended).size(), 3u);
}

TEST_F(CaptureFeedTest, TheCallEndsWithTheCapture) {
  std::unique_ptr<Feed> feed;
  const std::string name = Begin(&feed);
  const v1::Capture stopped = client().Stop(name);
  EXPECT_EQ(stopped.stopped().reason(), v1::STOP_REASON_REQUESTED);
  ExpectError(feed->Wait(), StatusCode::FAILED_PRECONDITION, "CAPTURE_NOT_FED");
  EXPECT_EQ(PacketsOf(stopped).size(), 3u);
  ExpectError(Feed(client(), name).Wait(), StatusCode::FAILED_PRECONDITION,
              "CAPTURE_NOT_FED");
}

// dumpcap doesn't read what comes after its stop condition.
TEST_F(CaptureFeedTest, TheCallEndsAtAStopCondition) {
  v1::CaptureOptions options = FromClient();
  options.mutable_stop()->set_packets(2);
  const std::string name = client().Create(options).name();
  Feed feed(client(), name, Frames(10));
  const std::string more =
      Frames(10000).substr(CaptureBuilder().bytes().size());
  while (feed.Send(more)) {
  }
  ExpectError(feed.Wait(), StatusCode::FAILED_PRECONDITION, "CAPTURE_NOT_FED");
  const v1::Capture ended = client().WaitForEnd(name);
  EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_CONDITION);
  EXPECT_EQ(PacketsOf(ended).size(), 2u);
}

TEST_F(CaptureFeedTest, OnlyOneCallFeedsACapture) {
  std::unique_ptr<Feed> feed;
  const std::string name = Begin(&feed);
  ExpectError(Feed(client(), name, Frames(1)).Wait(), StatusCode::ABORTED,
              "CAPTURE_FED");
  EXPECT_TRUE(feed->Send(Frames(2).substr(CaptureBuilder().bytes().size())));
  EXPECT_TRUE(feed->Finish().ok());
  EXPECT_EQ(PacketsOf(client().WaitForEnd(name)).size(), 5u);
}

TEST_F(CaptureFeedTest, RefusesOtherCaptures) {
  const v1::Capture other = client().Create(CaptureOf("lo"));
  ExpectError(Feed(client(), other.name()).Wait(),
              StatusCode::FAILED_PRECONDITION, "CAPTURE_NOT_FED");
  EXPECT_EQ(client().Get(other.name()).state(), v1::CAPTURE_STATE_RUNNING);
  client().Stop(other.name());
  ExpectError(Feed(client(), "captures/none").Wait(), StatusCode::NOT_FOUND,
              "CAPTURE_NOT_FOUND");
  ExpectError(Feed(client(), "").Finish(), StatusCode::NOT_FOUND,
              "CAPTURE_NOT_FOUND");
  grpc::ClientContext context;
  CaptureClient::SetDeadline(&context);
  v1::FeedCaptureResponse response;
  const auto writer = client().stub()->FeedCapture(&context, &response);
  writer->WritesDone();
  ExpectError(writer->Finish(), StatusCode::NOT_FOUND, "CAPTURE_NOT_FOUND");
}

TEST_F(CaptureFeedTest, RefusesLargeMessages) {
  std::unique_ptr<Feed> feed;
  const std::string name = Begin(&feed);
  feed->Send(std::string((1 << 20) + 1, '\0'));
  ExpectError(feed->Wait(), StatusCode::INVALID_ARGUMENT,
              "PIPE_BYTES_TOO_LARGE");
  EXPECT_EQ(PacketsOf(client().WaitForEnd(name)).size(), 3u);
}

TEST_F(CaptureFeedTest, RefusesOptionsWithoutMeaning) {
  ExpectInvalid(FromClient(""));
  ExpectInvalid(FromClient(std::string(5000, 'x')));
  v1::CaptureOptions twice = FromClient();
  *twice.add_interfaces() = twice.interfaces(0);
  ExpectInvalid(twice);
  v1::CaptureOptions channel = FromClient();
  channel.mutable_interfaces(0)->mutable_wifi_channel()->set_frequency_mhz(1);
  ExpectInvalid(channel);
}

// A name is no option, interface or path.
TEST_F(CaptureFeedTest, TakesAnyName) {
  for (const char* interface : {"-", "--help", "lo", "1", "TCP@host:1", "/"}) {
    const std::string name = client().Create(FromClient(interface)).name();
    Feed feed(client(), name, Frames(1));
    EXPECT_TRUE(feed.Finish().ok());
    const v1::Capture ended = client().WaitForEnd(name);
    EXPECT_EQ(ended.packets_written(), 1u) << interface;
    EXPECT_EQ(ended.drops(0).interface(), interface);
  }
}

// The server holds a bounded number of bytes for a dumpcap that doesn't read.
TEST_F(CaptureFeedTest, SlowsTheClientDown) {
  constexpr int kMessages = 200;
  std::unique_ptr<Feed> feed;
  const std::string name = Begin(&feed);
  const pid_t dumpcap = DumpcapsOf(daemon().pid())[0];
  ASSERT_EQ(kill(dumpcap, SIGSTOP), 0);
  const size_t before = ResidentBytes(daemon().pid());
  CaptureBuilder capture;
  for (int i = 0; i < 15; ++i) {
    capture.Add(UdpFrame(1, 2, std::string(60000, 'x')));
  }
  const std::string bytes =
      capture.bytes().substr(CaptureBuilder().bytes().size());
  std::atomic<int> sent{0};
  std::thread sender([&] {
    while (sent < kMessages && feed->Send(bytes)) ++sent;
  });
  // The number of messages stops growing.
  int last = -1;
  while (last != sent) {
    last = sent;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  EXPECT_LT(last, kMessages / 4);
  EXPECT_LT(ResidentBytes(daemon().pid()), before + (32 << 20));
  kill(dumpcap, SIGCONT);
  sender.join();
  EXPECT_EQ(sent, kMessages);
  EXPECT_TRUE(feed->Finish().ok());
  EXPECT_EQ(client().WaitForEnd(name).packets_written(), 3u + 15 * kMessages);
}

TEST_F(CaptureFeedTest, DumpcapDies) {
  std::unique_ptr<Feed> feed;
  const std::string name = Begin(&feed);
  kill(DumpcapsOf(daemon().pid())[0], SIGKILL);
  ExpectError(feed->Wait(), StatusCode::FAILED_PRECONDITION, "CAPTURE_NOT_FED");
  const v1::Capture ended = client().WaitForEnd(name);
  EXPECT_EQ(ended.stopped().failure().reason(), "DUMPCAP_FAILED");
  EXPECT_EQ(ended.packets_written(), 3u);
}

TEST_F(CaptureFeedTest, TheDaemonStops) {
  std::unique_ptr<Feed> feed;
  const std::string name = Begin(&feed);
  daemon().RequestStop();
  EXPECT_FALSE(feed->Wait().ok());
  EXPECT_EQ(daemon().Wait(), 0);
  daemon().Start();
  Connect();
  const v1::Capture kept = client().Get(name);
  EXPECT_EQ(kept.stopped().reason(), v1::STOP_REASON_SHUTDOWN);
  EXPECT_EQ(PacketsOf(kept).size(), 3u);
}

TEST_F(CaptureFeedTest, TheDaemonDies) {
  std::unique_ptr<Feed> feed;
  const std::string name = Begin(&feed);
  const pid_t dumpcap = DumpcapsOf(daemon().pid())[0];
  kill(daemon().pid(), SIGKILL);
  daemon().Wait();
  EXPECT_EQ(feed->Wait().error_code(), StatusCode::UNAVAILABLE);
  // Nobody else has the pipe's other end, so dumpcap ends by itself.
  WaitFor("the end of dumpcap", [&] {
    const std::string state = StatusOf(dumpcap, "State");
    return state.empty() || state[0] == 'Z';
  });
  daemon().Start();
  Connect();
  const v1::Capture kept = client().Get(name);
  EXPECT_EQ(kept.state(), v1::CAPTURE_STATE_INTERRUPTED);
  ExpectError(Feed(client(), name).Wait(), StatusCode::FAILED_PRECONDITION,
              "CAPTURE_NOT_FED");
}

// A daemon without rights, and a dumpcap that has capabilities of its own.
TEST(UnprivilegedFeedTest, DumpcapGainsNoCapabilities) {
  const UnprivilegedDaemon daemon;
  const server::CapabilitiesPtr both(
      cap_from_text("cap_net_raw,cap_net_admin=ep"));
  if (cap_set_file(daemon.dumpcap().c_str(), both.get()) != 0) {
    ASSERT_EQ(errno, ENOTSUP);
    GTEST_SKIP() << "the file system keeps no capabilities";
  }
  const CaptureClient client(daemon.channel());
  const std::string name = client.Create(FromClient()).name();
  Feed feed(client, name, Frames(3));
  client.WaitForPackets(name, 3);
  ExpectNoCapabilities(daemon.pid());
  EXPECT_TRUE(feed.Finish().ok());
  EXPECT_EQ(client.WaitForEnd(name).stopped().reason(),
            v1::STOP_REASON_CONDITION);
}

class CaptureFeedSmallStoreTest : public CaptureFixture {
 protected:
  CaptureFeedSmallStoreTest() : CaptureFixture({"--min-free-disk=0"}) {}
};

TEST_F(CaptureFeedSmallStoreTest, TheStoreIsFull) {
  if (!EnterPrivateMounts()) {
    GTEST_SKIP() << "the kernel forbids mount namespaces";
  }
  const SmallStore store(&daemon(), 512 << 10);
  Connect();
  const std::string name = client().Create(FromClient()).name();
  Feed feed(client(), name, Frames(3));
  client().WaitForPackets(name, 3);
  const std::string more = Frames(5000).substr(CaptureBuilder().bytes().size());
  while (feed.Send(more)) {
  }
  ExpectError(feed.Wait(), StatusCode::FAILED_PRECONDITION, "CAPTURE_NOT_FED");
  const v1::Capture ended = client().WaitForEnd(name);
  EXPECT_EQ(ended.stopped().failure().reason(), "STORE_FULL")
      << ended.stopped().DebugString();
  EXPECT_EQ(daemon().Stop(), 0);
}

}  // namespace
}  // namespace dissectd
