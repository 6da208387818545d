// SPDX-License-Identifier: GPL-2.0-or-later

// Tests clients that begin to send a capture, and then send nothing.

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "tests/e2e/capture_faults.h"
#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/pipe_call.h"

namespace dissectd {
namespace {

using grpc::StatusCode;

// Leaves the tests time to look at what a silent client holds.
constexpr std::chrono::seconds kSenderTimeout(4);

std::string Frame() { return UdpFrame(1000, 2000, "hello"); }
std::string Header() { return CaptureBuilder().bytes(); }
std::string HalfHeader() { return Header().substr(0, Header().size() / 2); }
std::string OneFrame() { return CaptureBuilder().Add(Frame()).bytes(); }

v1::FeedCaptureRequest FeedData(const std::string& name,
                                const std::string& bytes) {
  v1::FeedCaptureRequest message;
  message.set_name(name);
  message.set_data(bytes);
  return message;
}

// A call of DissectPipe that sends a request and some bytes, and then nothing.
class SilentPipe : public PipeCall {
 public:
  SilentPipe(const std::shared_ptr<grpc::Channel>& channel,
             const std::string& bytes)
      : PipeCall(channel) {
    EXPECT_TRUE(Send(v1::DissectRequest()));
    if (!bytes.empty()) {
      EXPECT_TRUE(Send(bytes));
    }
  }
};

// A call of FeedCapture that sends some messages, and then nothing.
class Feed {
 public:
  Feed(const CaptureClient& client,
       const std::vector<v1::FeedCaptureRequest>& messages) {
    CaptureClient::SetDeadline(&context_);
    writer_ = client.stub()->FeedCapture(&context_, &response_);
    for (const v1::FeedCaptureRequest& message : messages) Send(message);
  }

  bool Send(const v1::FeedCaptureRequest& message) {
    return writer_->Write(message);
  }
  void EndInput() { writer_->WritesDone(); }
  grpc::Status Wait() { return writer_->Finish(); }

 private:
  grpc::ClientContext context_;
  v1::FeedCaptureResponse response_;
  std::unique_ptr<grpc::ClientWriter<v1::FeedCaptureRequest>> writer_;
};

void ExpectTooSlow(const grpc::Status& status, const std::string& what) {
  EXPECT_EQ(status.error_code(), StatusCode::ABORTED)
      << what << ": " << status.error_message();
  EXPECT_EQ(FailureOf(status).reason(), "SENDER_TOO_SLOW") << what;
}

// Sends messages for longer than a client may send nothing.
void SendOnAndOn(const std::function<bool()>& send) {
  const auto end = std::chrono::steady_clock::now() + 2 * kSenderTimeout;
  while (std::chrono::steady_clock::now() < end) {
    ASSERT_TRUE(send());
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

class SilentSenderTest : public CaptureFixture {
 protected:
  SilentSenderTest()
      : CaptureFixture(
            {"--sender-timeout=" + std::to_string(kSenderTimeout.count()),
             "--max-workers=2", "--max-captures=1"}) {}

  // Returns the reason why a file can't be dissected; empty if it can.
  std::string RefusalOfDissection() {
    daemon().store().Write("one.pcap", OneFrame());
    const grpc::Status status =
        Dissect(channel(), dissectd::RequestFor("one.pcap")).status;
    return status.ok() ? "" : FailureOf(status).reason();
  }

  std::string CreateCapture() {
    v1::CaptureOptions options;
    options.add_interfaces()->set_name("pipe");
    options.mutable_interfaces(0)->set_from_client(true);
    return client().Create(options).name();
  }
};

TEST_F(SilentSenderTest, ADissectionEndsAndFreesItsWorker) {
  PipeCall silent(channel());
  SilentPipe first(channel(), HalfHeader());
  SilentPipe second(channel(), OneFrame());
  WaitFor("the workers of both",
          [this] { return daemon().WorkerPids().size() == 2; });
  EXPECT_EQ(RefusalOfDissection(), "TOO_MANY_WORKERS");
  daemon().WaitForNoWorkers();
  WaitFor("a worker for another client",
          [this] { return RefusalOfDissection().empty(); });
  ExpectTooSlow(silent.Finish(), "nothing");
  ExpectTooSlow(first.Finish(), "half a header");
  ExpectTooSlow(second.Finish(), "a frame");
  EXPECT_EQ(second.frames(), 1u);
  SilentPipe empty(channel(), "");
  ExpectTooSlow(empty.Finish(), "only a request");
  daemon().WaitForNoWorkers();
}

TEST_F(SilentSenderTest, ADissectionGoesOnWithMessagesWithoutBytes) {
  SilentPipe pipe(channel(), HalfHeader());
  SendOnAndOn([&] { return pipe.Send(std::string()); });
  EXPECT_TRUE(pipe.Send(OneFrame().substr(HalfHeader().size())));
  pipe.EndInput();
  const grpc::Status status = pipe.Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(pipe.frames(), 1u);
}

TEST_F(SilentSenderTest, ACaptureEndsAndFreesItsPlace) {
  ExpectTooSlow(Feed(client(), {}).Wait(), "nothing");
  for (const std::string& bytes : {std::string(), HalfHeader(), OneFrame()}) {
    // There is room for one capture only.
    const std::string name = CreateCapture();
    ExpectTooSlow(Feed(client(), {FeedData(name, bytes)}).Wait(),
                  std::to_string(bytes.size()) + " bytes");
    client().WaitForEnd(name);
    EXPECT_TRUE(DumpcapsOf(daemon().pid()).empty());
  }
}

TEST_F(SilentSenderTest, ACaptureGoesOnWithMessagesWithoutBytes) {
  const std::string name = CreateCapture();
  Feed feed(client(), {FeedData(name, "")});
  SendOnAndOn([&] { return feed.Send(FeedData(name, "")); });
  EXPECT_TRUE(feed.Send(FeedData(name, OneFrame())));
  feed.EndInput();
  const grpc::Status status = feed.Wait();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(client().WaitForEnd(name).packets_written(), 1u);
}

}  // namespace
}  // namespace dissectd
