// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the limits of time of calls with a real gRPC server, and with clients
// that don't read.

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <asio/thread_pool.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "server/base/done_fn.h"
#include "server/base/io_loop.h"
#include "server/rpc/admission.h"
#include "server/rpc/file_queue.h"
#include "server/rpc/rpc_service.h"
#include "server/rpc/streaming_call.h"
#include "server/rpc/testing/recording_observer.h"

namespace dissectd::server {
namespace {

using testing::HasSubstr;

constexpr std::chrono::seconds kLimit(1);
constexpr std::chrono::seconds kNoLimit(0);

// Sends what the test asks for, until its client has gone.
class SendingCall final : public StreamingCall {
 public:
  enum class Kind { kOneMessage, kWithoutEnd, kLive };

  static SendingCall* Create(IoLoop* loop, std::unique_ptr<CallContext> context,
                             Kind kind) {
    SendingCall* call = Own(std::shared_ptr<SendingCall>(
        new SendingCall(loop, std::move(context), kind)));
    loop->Post([call = Shared(call)] { call->Advance(); });
    return call;
  }

 private:
  SendingCall(IoLoop* loop, std::unique_ptr<CallContext> context, Kind kind)
      : StreamingCall(loop, std::move(context)), kind_(kind) {}

  bool is_live() const override { return kind_ == Kind::kLive; }
  void DoNext() override {
    if (is_writing()) return;
    if (std::exchange(sent_, true) && kind_ != Kind::kWithoutEnd) return;
    v1::ReadFileResponse response;
    response.set_data(std::string(64 << 10, 'x'));
    Write(response);
  }

  const Kind kind_;
  bool sent_ = false;
};

class SendingService final : public RpcService {
 public:
  explicit SendingService(const Deps& deps)
      : RpcService(deps, "dissectd.v1.FileService") {
    BindStream("ReadFile", WorkerUse::kAlways, &SendingService::ReadFile);
    BindOnLoop("DeleteFile", &SendingService::DeleteFile);
  }

  // Answers the call of DeleteFile.
  void Answer() {
    deps().loop->Post([this] { done_(absl::OkStatus()); });
  }

 private:
  StreamReactor* ReadFile(Context context, const v1::ReadFileRequest& request) {
    const SendingCall::Kind kind =
        request.name() == "live"    ? SendingCall::Kind::kLive
        : request.name() == "flood" ? SendingCall::Kind::kWithoutEnd
                                    : SendingCall::Kind::kOneMessage;
    return SendingCall::Create(deps().loop, std::move(context), kind);
  }
  void DeleteFile(CallContext*, const v1::DeleteFileRequest&,
                  v1::DeleteFileResponse*, DoneFn done) {
    done_ = std::move(done);
  }

  DoneFn done_;
};

// A call of ReadFile.
class Reading {
 public:
  Reading(v1::FileService::Stub* stub, const std::string& name) {
    v1::ReadFileRequest request;
    request.set_name(name);
    reader_ = stub->ReadFile(&context_, request);
  }

  bool Next() {
    v1::ReadFileResponse response;
    return reader_->Read(&response);
  }
  void Cancel() { context_.TryCancel(); }
  grpc::Status End() {
    while (Next()) {
    }
    return reader_->Finish();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::ReadFileResponse>> reader_;
};

class CallTimeTest : public testing::Test {
 protected:
  CallTimeTest(std::chrono::seconds reader_timeout,
               std::chrono::seconds max_call_time)
      : admission_({/*max_calls=*/100,
                    /*max_workers=*/2,
                    /*authenticator=*/nullptr,
                    /*access=*/nullptr,
                    {&observer_},
                    Admission::Share(),
                    {reader_timeout, max_call_time}}) {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    stub_ = v1::FileService::NewStub(
        grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                            grpc::InsecureChannelCredentials()));
  }

  ~CallTimeTest() override {
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    pool_.join();
    loop_.Stop();
  }

  RecordingObserver observer_;
  Admission admission_;
  asio::thread_pool pool_{1};
  IoLoop loop_;
  FileQueue file_queue_{&pool_, &loop_};
  SendingService service_{{&admission_, &loop_, &pool_, &file_queue_}};
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::FileService::Stub> stub_;
};

class ReaderTimeoutTest : public CallTimeTest {
 protected:
  ReaderTimeoutTest() : CallTimeTest(kLimit, kNoLimit) {}
};

TEST_F(ReaderTimeoutTest, AReaderThatDoesNotReadLosesItsCall) {
  Reading first(stub_.get(), "flood");
  Reading second(stub_.get(), "flood");
  for (const EndedCall& ended : observer_.Await(2)) {
    EXPECT_EQ(ended.reason, "READER_TOO_SLOW");
    EXPECT_EQ(ended.code, absl::StatusCode::kAborted);
  }
  // Its worker is free, although the client has still not read a byte.
  Reading third(stub_.get(), "once");
  EXPECT_TRUE(third.Next());
  third.Cancel();
  // A client that reads after all is told why there is no more.
  const grpc::Status status = first.End();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_THAT(status.error_message(), HasSubstr("READER_TOO_SLOW"));
}

TEST_F(ReaderTimeoutTest, AReaderThatWaitsForMessagesKeepsItsCall) {
  Reading patient(stub_.get(), "once");
  ASSERT_TRUE(patient.Next());
  // The other call begins later, and has to wait for the whole time.
  Reading slow(stub_.get(), "flood");
  EXPECT_EQ(observer_.Await(1)[0].reason, "READER_TOO_SLOW");
  patient.Cancel();
  EXPECT_EQ(patient.End().error_code(), grpc::StatusCode::CANCELLED);
}

class CallTimeLimitTest : public CallTimeTest {
 protected:
  CallTimeLimitTest() : CallTimeTest(kNoLimit, kLimit) {}
};

TEST_F(CallTimeLimitTest, ACallEndsAfterItsTimeUnlessItIsLive) {
  Reading live(stub_.get(), "live");
  ASSERT_TRUE(live.Next());
  Reading file(stub_.get(), "once");
  const grpc::Status status = file.End();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_NE(status.error_details(), "") << "nothing was being sent";
  const std::vector<EndedCall> ended = observer_.Await(1);
  ASSERT_EQ(ended.size(), 1u) << "the live call began earlier";
  EXPECT_EQ(ended[0].reason, "CALL_TOO_LONG");
  live.Cancel();
  EXPECT_EQ(live.End().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(CallTimeLimitTest, AClientThatReadsSlowlyIsToldSo) {
  Reading slow(stub_.get(), "flood");
  EXPECT_EQ(observer_.Await(1)[0].reason, "CALL_TOO_LONG");
  const grpc::Status status = slow.End();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_THAT(status.error_message(), HasSubstr("CALL_TOO_LONG"));
}

TEST_F(CallTimeLimitTest, AUnaryCallIsAnsweredAtItsTime) {
  grpc::ClientContext context;
  v1::DeleteFileResponse response;
  const grpc::Status status =
      stub_->DeleteFile(&context, v1::DeleteFileRequest(), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_THAT(status.error_message(), HasSubstr("CALL_TOO_LONG"));
  // What it does ends later, and nobody hears of that.
  service_.Answer();
  EXPECT_EQ(observer_.Await(1)[0].reason, "CALL_TOO_LONG");
}

}  // namespace
}  // namespace dissectd::server
