// SPDX-License-Identifier: GPL-2.0-or-later

// Tests that one client can't keep the daemon from serving another. Without
// identities, clients of different hosts are different callers: here one of
// 127.0.0.1, and one of the Unix socket.

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "dissectd/v1/file.grpc.pb.h"
#include "dissectd/v1/filter.grpc.pb.h"
#include "dissectd/v1/server.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/long_capture.h"
#include "tests/e2e/network_namespace.h"

namespace dissectd {
namespace {

using std::chrono::milliseconds;

constexpr char kAddress[] = "127.0.0.1:50051";
// Much longer than any call of a client that isn't kept waiting.
constexpr std::chrono::seconds kPatience(60);
// The deadline of calls of which there are too many.
constexpr std::chrono::seconds kFloodTime(5);

// Returns a channel that shares no connection with others.
std::shared_ptr<grpc::Channel> ConnectTo(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                   arguments);
}

void SetDeadline(grpc::ClientContext* context,
                 std::chrono::seconds time = kPatience) {
  context->set_deadline(std::chrono::system_clock::now() + time);
}

// Returns the reason of an error; empty if there is none.
std::string ReasonOf(const grpc::Status& status) {
  return status.ok() ? "" : FailureOf(status).reason();
}

grpc::Status GetServerInfo(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  SetDeadline(&context);
  v1::GetServerInfoResponse response;
  return v1::ServerService::NewStub(channel)->GetServerInfo(
      &context, v1::GetServerInfoRequest(), &response);
}

grpc::Status CompileFilter(const std::shared_ptr<grpc::Channel>& channel,
                           const std::string& filter,
                           std::chrono::seconds time = kPatience) {
  grpc::ClientContext context;
  SetDeadline(&context, time);
  v1::CompileFilterRequest request;
  request.set_filter(filter);
  v1::CompileFilterResponse response;
  return v1::FilterService::NewStub(channel)->CompileFilter(&context, request,
                                                            &response);
}

grpc::Status ListFiles(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  SetDeadline(&context);
  v1::ListFilesRequest request;
  request.set_page_size(10);
  v1::ListFilesResponse response;
  return v1::FileService::NewStub(channel)->ListFiles(&context, request,
                                                      &response);
}

// Returns a filter that takes libwireshark some seconds to compile.
std::string SlowFilter() {
  std::string filter = "ip.ttl in {1";
  while (filter.size() < 60'000) filter += ",1";
  return filter + "}";
}

class FairnessTest : public ::testing::Test {
 protected:
  explicit FairnessTest(std::vector<std::string> arguments = {})
      : arguments_(std::move(arguments)) {
    arguments_.push_back(std::string("--listen=") + kAddress);
  }

  void SetUp() override {
    if (!EnterPrivateNetwork()) {
      GTEST_SKIP() << "the kernel allows no network namespace of our own";
    }
    daemon_.emplace(arguments_);
    daemon_->store().Write("many.pcap", ManyFrames());
    daemon_->store().Write("few.pcap", ManyFrames(10));
    greedy_ = ConnectTo(kAddress);
    other_ = daemon_->Connect();
  }

  std::vector<std::string> arguments_;
  std::optional<DaemonProcess> daemon_;
  // A client that takes what it gets, and another one.
  std::shared_ptr<grpc::Channel> greedy_;
  std::shared_ptr<grpc::Channel> other_;
};

// Makes the same call again and again, in several threads.
class Flood {
 public:
  Flood(size_t threads, const std::function<void()>& call) {
    for (size_t i = 0; i < threads; ++i) {
      threads_.emplace_back([this, call] {
        while (!stop_) {
          call();
          ++calls_;
        }
      });
    }
  }
  ~Flood() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
  }
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;

  size_t calls() const { return calls_; }

 private:
  std::atomic<bool> stop_{false};
  std::atomic<size_t> calls_{0};
  std::vector<std::thread> threads_;
};

// Makes a call of the client that isn't greedy some times, expects that all
// succeed, and returns the time below which 95 % of them stay.
milliseconds TimeOf(const std::function<grpc::Status()>& call) {
  constexpr int kCalls = 40;
  std::vector<milliseconds> times;
  for (int i = 0; i < kCalls; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const grpc::Status status = call();
    EXPECT_TRUE(status.ok()) << status.error_message();
    times.push_back(std::chrono::duration_cast<milliseconds>(
        std::chrono::steady_clock::now() - start));
  }
  std::sort(times.begin(), times.end());
  return times[kCalls * 95 / 100];
}

// The calls of the client that isn't greedy.
struct Calls {
  const char* name;
  std::function<grpc::Status()> call;
};

TEST_F(FairnessTest, OneClientWorksWhileAnotherTakesAllThatItGets) {
  for (int i = 0; i < 2'000; ++i) {
    daemon_->store().Write("files/" + std::to_string(i) + ".pcap", "x");
  }
  const std::vector<Calls> kinds = {
      {"CompileFilter", [this] { return CompileFilter(other_, "tcp"); }},
      {"ListFiles", [this] { return ListFiles(other_); }},
      {"Dissect",
       [this] { return Dissect(other_, RequestFor("few.pcap")).status; }}};
  std::vector<milliseconds> alone;
  alone.reserve(kinds.size());
  for (const Calls& kind : kinds) alone.push_back(TimeOf(kind.call));

  const std::string filter = SlowFilter();
  std::vector<std::unique_ptr<Dissection>> unread;
  unread.reserve(32);
  for (int i = 0; i < 32; ++i) {
    unread.push_back(
        std::make_unique<Dissection>(ConnectTo(kAddress), LongRequest()));
  }
  WaitFor("the workers of the greedy client",
          [this] { return daemon_->WorkerPids().size() >= 32; });
  const Flood queries(24, [&] { CompileFilter(greedy_, filter, kFloodTime); });
  const Flood listings(24, [this] { ListFiles(greedy_); });
  WaitFor("the flood",
          [&] { return queries.calls() > 2 && listings.calls() > 24; });
  for (size_t i = 0; i < kinds.size(); ++i) {
    const milliseconds meanwhile = TimeOf(kinds[i].call);
    std::printf("%s: p95 %d ms alone, %d ms with a flood\n", kinds[i].name,
                static_cast<int>(alone[i].count()),
                static_cast<int>(meanwhile.count()));
    // First come, first served would take as long as all that waits.
    EXPECT_LT(meanwhile, std::chrono::seconds(20));
  }
}

TEST_F(FairnessTest, WorkersAndCallsAreShared) {
  std::vector<std::unique_ptr<Dissection>> unread;
  unread.reserve(32);
  for (int i = 0; i < 32; ++i) {
    unread.push_back(
        std::make_unique<Dissection>(ConnectTo(kAddress), LongRequest()));
  }
  WaitFor("the limit of workers", [this] {
    return ReasonOf(Dissect(greedy_, RequestFor("few.pcap")).status) ==
           "TOO_MANY_WORKERS_OF_CALLER";
  });
  EXPECT_EQ(ReasonOf(GetServerInfo(greedy_)), "");
  EXPECT_EQ(ReasonOf(Dissect(other_, RequestFor("few.pcap")).status), "");

  // Calls that do nothing, on several connections.
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<
      grpc::ClientReaderWriter<v1::DissectPipeRequest, v1::DissectResponse>>>
      idle;
  for (int connection = 0; connection < 5; ++connection) {
    const auto stub = v1::DissectionService::NewStub(ConnectTo(kAddress));
    for (int i = 0; i < 50; ++i) {
      contexts.push_back(std::make_unique<grpc::ClientContext>());
      idle.push_back(stub->DissectPipe(contexts.back().get()));
    }
  }
  WaitFor("the limit of calls", [this] {
    return ReasonOf(GetServerInfo(greedy_)) == "TOO_MANY_CALLS_OF_CALLER";
  });
  EXPECT_EQ(ReasonOf(GetServerInfo(other_)), "");
  EXPECT_EQ(ReasonOf(Dissect(other_, RequestFor("few.pcap")).status), "");
  for (const auto& context : contexts) context->TryCancel();
  for (const auto& call : idle) call->Finish();
  WaitFor("the end of these calls",
          [this] { return GetServerInfo(greedy_).ok(); });
}

class ScarceWorkersTest : public FairnessTest {
 protected:
  ScarceWorkersTest()
      : FairnessTest({"--max-workers=4", "--max-workers-per-principal=2"}) {}
};

TEST_F(ScarceWorkersTest, TwoCallersCannotHaveAllWorkers) {
  std::vector<std::unique_ptr<Dissection>> unread;
  for (const auto& channel : {greedy_, greedy_, other_}) {
    unread.push_back(std::make_unique<Dissection>(channel, LongRequest()));
    v1::DissectResponse response;
    ASSERT_TRUE(unread.back()->Next(&response));
  }
  EXPECT_EQ(daemon_->WorkerPids().size(), 3u);
  const auto limit_of = [](const std::shared_ptr<grpc::Channel>& channel) {
    const grpc::Status status = Dissect(channel, RequestFor("few.pcap")).status;
    EXPECT_EQ(ReasonOf(status), "TOO_MANY_WORKERS_OF_CALLER");
    return FailureOf(status).metadata().at("limit");
  };
  EXPECT_EQ(limit_of(greedy_), "2");
  // The last one is for a third caller.
  EXPECT_EQ(limit_of(other_), "1");
  unread.front().reset();
  WaitFor("a worker that has become free", [this] {
    return Dissect(other_, RequestFor("few.pcap")).status.ok();
  });
}

class CallRateTest : public FairnessTest {
 protected:
  CallRateTest() : FairnessTest({"--max-calls-per-second=3"}) {}
};

TEST_F(CallRateTest, CallsBeyondTheRateAreRefused) {
  WaitFor("a refused call", [this] {
    return ReasonOf(GetServerInfo(greedy_)) == "CALL_RATE_EXCEEDED";
  });
  EXPECT_EQ(ReasonOf(GetServerInfo(other_)), "");
  WaitFor("the next second", [this] { return GetServerInfo(greedy_).ok(); });
}

class SlowReaderTest : public FairnessTest {
 protected:
  SlowReaderTest()
      : FairnessTest({"--reader-timeout=2", "--max-workers-per-principal=2"}) {}
};

TEST_F(SlowReaderTest, AStreamThatIsNeverReadEndsAndFreesItsWorker) {
  Dissection first(greedy_, LongRequest());
  Dissection second(greedy_, LongRequest());
  // Both have their permits once they have sent something.
  v1::DissectResponse response;
  ASSERT_TRUE(first.Next(&response));
  ASSERT_TRUE(second.Next(&response));
  WaitFor("the limit of workers", [this] {
    return ReasonOf(Dissect(greedy_, RequestFor("few.pcap")).status) ==
           "TOO_MANY_WORKERS_OF_CALLER";
  });
  // Permits are taken before the workers start, and come back after their end.
  WaitFor("both workers", [this] { return daemon_->WorkerPids().size() == 2; });
  daemon_->WaitForNoWorkers();
  WaitFor("a free worker", [this] {
    return Dissect(greedy_, RequestFor("few.pcap")).status.ok();
  });
  while (first.Next(&response)) {
  }
  const grpc::Status status = first.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_NE(status.error_message().find("READER_TOO_SLOW"), std::string::npos)
      << status.error_message();
}

TEST_F(SlowReaderTest, AClientThatReadsKeepsItsStream) {
  Dissection call(greedy_, LongRequest());
  uint64_t frames = 0;
  v1::DissectResponse response;
  while (call.Next(&response)) {
    frames += static_cast<uint64_t>(response.batch().frames_size());
  }
  EXPECT_TRUE(call.Finish().ok());
  EXPECT_EQ(frames, uint64_t{kManyFrames});
}

TEST_F(SlowReaderTest, AFileThatIsNeverReadEndsToo) {
  daemon_->store().Write("large", std::string(64 << 20, 'x'));
  const auto stub = v1::FileService::NewStub(greedy_);
  grpc::ClientContext context;
  SetDeadline(&context);
  v1::ReadFileRequest request;
  request.set_name("files/large");
  const auto reader = stub->ReadFile(&context, request);
  v1::ReadFileResponse response;
  ASSERT_TRUE(reader->Read(&response));
  const size_t descriptors = daemon_->OpenFileDescriptors();
  WaitFor("the file to be closed",
          [&] { return daemon_->OpenFileDescriptors() < descriptors; });
  while (reader->Read(&response)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::ABORTED);
}

class CallTimeTest : public FairnessTest {
 protected:
  CallTimeTest() : FairnessTest({"--max-call-time=2"}) {}
};

TEST_F(CallTimeTest, ACallThatTakesTooLongEnds) {
  Dissection call(greedy_, LongRequest());
  v1::DissectResponse response;
  ASSERT_TRUE(call.Next(&response));
  daemon_->WaitForNoWorkers();
  while (call.Next(&response)) {
  }
  EXPECT_EQ(call.Finish().error_code(), grpc::StatusCode::ABORTED);
}

}  // namespace
}  // namespace dissectd
