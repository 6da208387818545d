// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the queue with a real gRPC server, and with clients of two hosts.

#include "server/rpc/file_queue.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <asio/thread_pool.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "server/base/io_loop.h"
#include "server/base/limits.h"
#include "server/rpc/admission.h"
#include "server/rpc/rpc_service.h"
#include "server/rpc/testing/recording_observer.h"

namespace dissectd::server {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

constexpr absl::Duration kPatience = absl::Seconds(30);

// A FileService whose ListFiles begins, and then waits. The page token is the
// name of a call.
class WaitingService final : public RpcService {
 public:
  explicit WaitingService(const Deps& deps)
      : RpcService(deps, "dissectd.v1.FileService") {
    BindOnPool("ListFiles", &WaitingService::ListFiles);
  }

  // Waits until `count` calls have begun, and returns their names.
  std::vector<std::string> AwaitBegun(size_t count) {
    const absl::MutexLock lock(&mutex_);
    const auto enough = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return begun_.size() >= count;
    };
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&enough), kPatience))
        << "a call doesn't begin";
    return begun_;
  }

  // Lets all calls end, also those that begin later.
  void LetEnd() { may_end_.Notify(); }

 private:
  absl::Status ListFiles(CallContext*, const v1::ListFilesRequest& request,
                         v1::ListFilesResponse*) {
    {
      const absl::MutexLock lock(&mutex_);
      begun_.push_back(request.page_token());
    }
    may_end_.WaitForNotification();
    return absl::OkStatus();
  }

  absl::Mutex mutex_;
  std::vector<std::string> begun_ ABSL_GUARDED_BY(mutex_);
  absl::Notification may_end_;
};

// A call of ListFiles.
class Listing {
 public:
  Listing(v1::FileService::Stub* stub, const std::string& name,
          std::chrono::milliseconds timeout = std::chrono::seconds(60)) {
    request_.set_page_token(name);
    context_.set_deadline(std::chrono::system_clock::now() + timeout);
    stub->async()->ListFiles(&context_, &request_, &response_,
                             [this](const grpc::Status& status) {
                               status_ = status;
                               ended_.Notify();
                             });
  }
  ~Listing() { ended_.WaitForNotification(); }

  grpc::StatusCode End() {
    ended_.WaitForNotification();
    return status_.error_code();
  }

 private:
  grpc::ClientContext context_;
  v1::ListFilesRequest request_;
  v1::ListFilesResponse response_;
  grpc::Status status_;
  absl::Notification ended_;
};

class FileQueueTest : public testing::Test {
 protected:
  FileQueueTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    const std::string socket =
        "unix-abstract:file-queue-test-" + std::to_string(getpid());
    builder.AddListeningPort(socket, grpc::InsecureServerCredentials());
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    a_ = Connect("127.0.0.1:" + std::to_string(port));
    b_ = Connect(socket);
  }

  ~FileQueueTest() override {
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    pool_.join();
    loop_.Stop();
  }

  static std::unique_ptr<v1::FileService::Stub> Connect(
      const std::string& address) {
    return v1::FileService::NewStub(
        grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  }

  RecordingObserver observer_;
  Admission admission_{{/*max_calls=*/1000,
                        /*max_workers=*/1,
                        /*authenticator=*/nullptr,
                        /*access=*/nullptr,
                        {&observer_}}};
  asio::thread_pool pool_{FileQueue::kThreads};
  IoLoop loop_;
  FileQueue file_queue_{&pool_, &loop_};
  WaitingService service_{{&admission_, &loop_, &pool_, &file_queue_}};
  std::unique_ptr<grpc::Server> server_;
  // Clients of two hosts.
  std::unique_ptr<v1::FileService::Stub> a_;
  std::unique_ptr<v1::FileService::Stub> b_;
};

TEST_F(FileQueueTest, OneCallerCannotHoldAllThreads) {
  std::vector<std::unique_ptr<Listing>> calls;
  for (const char* name : {"a", "a", "waits", "waits"}) {
    calls.push_back(std::make_unique<Listing>(a_.get(), name));
    if (std::string(name) == "a") service_.AwaitBegun(calls.size());
  }
  // None of them ends, but the call of another begins.
  calls.push_back(std::make_unique<Listing>(b_.get(), "b"));
  EXPECT_THAT(service_.AwaitBegun(3), ElementsAre("a", "a", "b"));
  service_.LetEnd();
  for (const auto& call : calls) EXPECT_EQ(call->End(), grpc::StatusCode::OK);
}

TEST_F(FileQueueTest, ACallThatNobodyWaitsForIsNotBegun) {
  Listing first(a_.get(), "first");
  Listing second(a_.get(), "second");
  service_.AwaitBegun(2);
  {
    Listing gone(a_.get(), "gone", std::chrono::milliseconds(200));
    EXPECT_EQ(gone.End(), grpc::StatusCode::DEADLINE_EXCEEDED);
  }
  // The server hears of it later than the client, and nothing says when.
  std::this_thread::sleep_for(std::chrono::seconds(1));
  Listing last(a_.get(), "last");
  service_.LetEnd();
  EXPECT_EQ(last.End(), grpc::StatusCode::OK);
  const std::vector<EndedCall> ended = observer_.Await(4);
  EXPECT_THAT(service_.AwaitBegun(3),
              UnorderedElementsAre("first", "second", "last"));
  std::vector<absl::StatusCode> codes;
  codes.reserve(ended.size());
  for (const EndedCall& call : ended) codes.push_back(call.code);
  EXPECT_THAT(codes, Contains(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(FileQueueTest, TheCallsOfACallerThatWaitAreBounded) {
  std::vector<std::unique_ptr<Listing>> calls;
  for (uint32_t i = 0; i < 2 + kMaxWaitingFileCalls + 1; ++i) {
    calls.push_back(std::make_unique<Listing>(a_.get(), "a"));
  }
  // Only one call ends before the others may.
  const EndedCall refused = observer_.Await(1)[0];
  EXPECT_EQ(refused.reason, "TOO_MANY_FILE_CALLS");
  // That is no matter for others.
  Listing other(b_.get(), "b");
  EXPECT_THAT(service_.AwaitBegun(3), Contains("b"));
  service_.LetEnd();
  EXPECT_EQ(other.End(), grpc::StatusCode::OK);
  size_t failed = 0;
  for (const auto& call : calls) failed += call->End() == 0 ? 0 : 1;
  EXPECT_EQ(failed, 1u);
}

}  // namespace
}  // namespace dissectd::server
