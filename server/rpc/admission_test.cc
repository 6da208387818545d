// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the entrance with a real gRPC server and a service of the API whose
// handlers are part of the test.

#include "server/rpc/admission.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <asio/thread_pool.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "server/base/random_id.h"
#include "server/rpc/grpc_status.h"
#include "server/rpc/rpc_service.h"
#include "server/rpc/streaming_call.h"
#include "server/rpc/testing/metadata_text.h"
#include "server/rpc/testing/recording_observer.h"

namespace dissectd::server {
namespace {

using testing::Contains;
using testing::Field;
using testing::Not;
using testing::StartsWith;

// Sends one message, and then nothing until the client has gone.
class EndlessCall final : public StreamingCall {
 public:
  static EndlessCall* Create(IoLoop* loop,
                             std::unique_ptr<CallContext> context) {
    EndlessCall* call = Own(std::shared_ptr<EndlessCall>(
        new EndlessCall(loop, std::move(context))));
    loop->Post([call = Shared(call)] { call->Advance(); });
    return call;
  }

 private:
  using StreamingCall::StreamingCall;
  void DoNext() override {
    if (!std::exchange(sent_, true)) Write(v1::ReadRecordsResponse());
  }
  bool sent_ = false;
};

// Answers when its client has gone.
class LateCall final : public UnaryCall {
 public:
  static LateCall* Create(IoLoop* loop, std::unique_ptr<CallContext> context,
                          grpc::ByteBuffer* response) {
    return Own(std::shared_ptr<LateCall>(
        new LateCall(loop, std::move(context), response)));
  }

 private:
  using UnaryCall::UnaryCall;
  void OnCancelled() override {
    // The deadline has then passed in the daemon as well, however late it
    // learnt of the call.
    absl::SleepFor(absl::FromChrono(context()->info().deadline) - absl::Now());
    Answer(v1::DeleteUploadResponse());
  }
};

// A FileService whose methods serve the test.
class TestService final : public RpcService {
 public:
  explicit TestService(const Deps& deps)
      : RpcService(deps, "dissectd.v1.FileService") {
    BindOnPool("ListFiles", &TestService::ListFiles);
    BindOnLoop("DeleteFile", &TestService::DeleteFile);
    BindStream("ReadRecords", WorkerUse::kAlways, &TestService::ReadRecords);
    BindUnary(
        "GetFile", WorkerUse::kOnDemand,
        [this](Context context, const grpc::ByteBuffer&, grpc::ByteBuffer*) {
          const absl::Status status = context->TakeWorkerPermit().status();
          return Refuse<UnaryReactor>(std::move(context), status);
        });
    BindUnary("DeleteUpload", WorkerUse::kNone,
              [this](Context context, const grpc::ByteBuffer&,
                     grpc::ByteBuffer* response) {
                return LateCall::Create(this->deps().loop, std::move(context),
                                        response);
              });
  }

  ~TestService() override {
    if (deleter_.joinable()) deleter_.join();
  }

  // DeleteFile notifies that it has begun, and waits before it answers.
  absl::Notification deleting;
  absl::Notification may_delete;

 private:
  absl::Status ListFiles(CallContext* context,
                         const v1::ListFilesRequest& request,
                         v1::ListFilesResponse* response) {
    if (request.page_token() == "bad") {
      return absl::NotFoundError("There is no such page.");
    }
    response->set_next_page_token(context->principal().id);
    return absl::OkStatus();
  }

  void DeleteFile(CallContext*, const v1::DeleteFileRequest&,
                  v1::DeleteFileResponse*, DoneFn done) {
    deps().loop->AssertOnLoop();
    deleter_ = std::thread([this, done = std::move(done)]() mutable {
      deleting.Notify();
      may_delete.WaitForNotification();
      done(absl::OkStatus());
    });
  }

  StreamReactor* ReadRecords(Context context, const v1::ReadRecordsRequest&) {
    return EndlessCall::Create(deps().loop, std::move(context));
  }

  std::thread deleter_;
};

class AdmissionTest : public testing::Test {
 protected:
  AdmissionTest()
      : admission_({/*max_calls=*/100,
                    /*max_workers=*/1,
                    /*authenticator=*/nullptr,
                    /*access=*/nullptr,
                    {&observer_, &second_observer_}}),
        service_({&admission_, &loop_, &pool_, &file_queue_}) {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    channel_ = grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                                   grpc::InsecureChannelCredentials());
    stub_ = v1::FileService::NewStub(channel_);
  }

  ~AdmissionTest() override {
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    pool_.join();
    loop_.Stop();
  }

  grpc::Status ListFiles(const std::string& page_token,
                         grpc::ClientContext* context) {
    v1::ListFilesRequest request;
    request.set_page_token(page_token);
    return stub_->ListFiles(context, request, &list_);
  }

  RecordingObserver observer_;
  RecordingObserver second_observer_;
  Admission admission_;
  asio::thread_pool pool_{1};
  IoLoop loop_;
  FileQueue file_queue_{&pool_, &loop_};
  TestService service_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::FileService::Stub> stub_;
  v1::ListFilesResponse list_;
};

TEST_F(AdmissionTest, ACallIsObservedOnceWithWhatItWas) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::seconds(60));
  context.AddMetadata("x-request-id", "mine/1");
  context.AddMetadata(
      "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  EXPECT_TRUE(ListFiles("12345", &context).ok());
  EXPECT_EQ(list_.next_page_token(), "anonymous");
  EXPECT_EQ(RequestIdIn(context), "mine/1");

  for (RecordingObserver* observer : {&observer_, &second_observer_}) {
    const std::vector<EndedCall> ended = observer->Await(1);
    ASSERT_EQ(ended.size(), 1u);
    EXPECT_EQ(ended[0].method, "dissectd.v1.FileService/ListFiles");
    EXPECT_EQ(ended[0].code, absl::StatusCode::kOk);
    EXPECT_THAT(ended[0].call.peer, StartsWith("ipv4:127.0.0.1:"));
    EXPECT_EQ(ended[0].call.principal.id, "anonymous");
    EXPECT_EQ(ended[0].call.request_id, "mine/1");
    EXPECT_EQ(ended[0].call.trace.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
    EXPECT_EQ(ended[0].call.trace.parent_span_id, "00f067aa0ba902b7");
    EXPECT_EQ(TraceParentIn(context), TraceParentOf(ended[0].call.trace));
    EXPECT_LT(ended[0].call.deadline,
              std::chrono::system_clock::now() + std::chrono::seconds(61));
    EXPECT_GE(ended[0].duration, absl::ZeroDuration());
    EXPECT_EQ(ended[0].traffic.messages_received, 1u);
    // The request has a tag, a length and five characters; the response has
    // nine.
    EXPECT_EQ(ended[0].traffic.bytes_received, 7u);
    EXPECT_EQ(ended[0].traffic.messages_sent, 1u);
    EXPECT_EQ(ended[0].traffic.bytes_sent, 11u);
  }
}

TEST_F(AdmissionTest, ACallWithoutAnIdGetsOne) {
  grpc::ClientContext context;
  EXPECT_TRUE(ListFiles("", &context).ok());
  EXPECT_TRUE(IsRandomId(RequestIdIn(context)));
  EXPECT_EQ(observer_.Await(1)[0].call.request_id, RequestIdIn(context));
  const TraceContext trace = observer_.Await(1)[0].call.trace;
  EXPECT_EQ(trace.parent_span_id, "");
  EXPECT_EQ(TraceParentIn(context), TraceParentOf(trace));
}

TEST_F(AdmissionTest, TwoParentsAreNone) {
  grpc::ClientContext context;
  for (const char* span : {"00f067aa0ba902b7", "00f067aa0ba902b8"}) {
    context.AddMetadata(
        "traceparent",
        std::string("00-4bf92f3577b34da6a3ce929d0e0e4736-") + span + "-01");
  }
  EXPECT_TRUE(ListFiles("", &context).ok());
  const TraceContext trace = observer_.Await(1)[0].call.trace;
  EXPECT_EQ(trace.parent_span_id, "");
  EXPECT_NE(trace.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
}

TEST_F(AdmissionTest, AFailedCallIsObserved) {
  grpc::ClientContext context;
  EXPECT_EQ(ListFiles("bad", &context).error_code(),
            grpc::StatusCode::NOT_FOUND);
  const std::vector<EndedCall> ended = observer_.Await(1);
  EXPECT_EQ(ended[0].code, absl::StatusCode::kNotFound);
  EXPECT_EQ(ended[0].traffic.messages_sent, 0u);
  // The error comes with the id.
  EXPECT_EQ(RequestIdIn(context), ended[0].call.request_id);
  EXPECT_EQ(TraceParentIn(context), TraceParentOf(ended[0].call.trace));
}

TEST_F(AdmissionTest, AMalformedRequestIsRefusedInEveryMethod) {
  grpc::GenericStub stub(channel_);
  for (const std::string method : {"ListFiles", "DeleteFile"}) {
    grpc::ClientContext context;
    const grpc::Slice slice("\xff\xff\xff");
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::Status status;
    absl::Notification done;
    stub.UnaryCall(&context, "/dissectd.v1.FileService/" + method, {}, &request,
                   &response, [&](grpc::Status s) {
                     status = std::move(s);
                     done.Notify();
                   });
    done.WaitForNotification();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  }
  for (const EndedCall& ended : observer_.Await(2)) {
    EXPECT_EQ(ended.reason, "REQUEST_MALFORMED");
    EXPECT_EQ(ended.traffic.bytes_received, 3u);
  }
}

TEST_F(AdmissionTest, ACallBeyondTheLimitOfWorkersIsRefused) {
  grpc::ClientContext first;
  const auto reader = stub_->ReadRecords(&first, v1::ReadRecordsRequest());
  v1::ReadRecordsResponse response;
  ASSERT_TRUE(reader->Read(&response));

  grpc::ClientContext second;
  const auto refused = stub_->ReadRecords(&second, v1::ReadRecordsRequest());
  EXPECT_FALSE(refused->Read(&response));
  EXPECT_EQ(refused->Finish().error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(observer_.Await(1)[0].reason, "TOO_MANY_WORKERS");

  // A method that needs a worker on demand is refused when it asks for one; a
  // method that needs none isn't.
  grpc::ClientContext third;
  v1::GetFileResponse file;
  EXPECT_EQ(stub_->GetFile(&third, v1::GetFileRequest(), &file).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  grpc::ClientContext fourth;
  EXPECT_TRUE(ListFiles("", &fourth).ok());

  // The end of a call may be observed after its client knows of it.
  observer_.Await(3);
  first.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  const std::vector<EndedCall> ended = observer_.Await(4);
  ASSERT_EQ(ended.size(), 4u);
  EXPECT_EQ(ended[3].code, absl::StatusCode::kCancelled);
  EXPECT_EQ(ended[3].traffic.messages_sent, 1u);
}

TEST_F(AdmissionTest, APermitComesBackWithTheEndOfItsCall) {
  for (size_t i = 1; i <= 3; ++i) {
    grpc::ClientContext context;
    const auto reader = stub_->ReadRecords(&context, v1::ReadRecordsRequest());
    v1::ReadRecordsResponse response;
    ASSERT_TRUE(reader->Read(&response)) << i;
    context.TryCancel();
    reader->Finish();
    observer_.Await(i);
  }
}

TEST_F(AdmissionTest, AnAnswerToAClientThatIsGoneIsNoSuccess) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::milliseconds(200));
  v1::DeleteUploadResponse response;
  EXPECT_EQ(stub_->DeleteUpload(&context, v1::DeleteUploadRequest(), &response)
                .error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(observer_.Await(1)[0].code, absl::StatusCode::kDeadlineExceeded);
}

TEST_F(AdmissionTest, ClosingWaitsForCallsAndRefusesNewOnes) {
  std::thread caller([&] {
    grpc::ClientContext context;
    v1::DeleteFileResponse response;
    EXPECT_TRUE(
        stub_->DeleteFile(&context, v1::DeleteFileRequest(), &response).ok());
  });
  service_.deleting.WaitForNotification();
  absl::Notification closed;
  std::thread closer([&] {
    admission_.CloseAndWait(std::chrono::hours(1));
    closed.Notify();
  });
  size_t others = 0;
  grpc::Status status;
  do {
    grpc::ClientContext context;
    status = ListFiles("", &context);
    ++others;
  } while (status.ok());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  // Ends of calls can overtake each other.
  EXPECT_THAT(observer_.Await(others),
              Contains(Field(&EndedCall::reason, "SERVER_STOPPING")));
  EXPECT_FALSE(closed.HasBeenNotified());
  service_.may_delete.Notify();
  closer.join();
  caller.join();
}

TEST_F(AdmissionTest, AMethodWithoutAHandlerIsKnown) {
  const std::vector<std::string> unbound = service_.UnboundMethods();
  EXPECT_THAT(unbound, Contains("dissectd.v1.FileService/CreateUpload"));
  EXPECT_THAT(unbound, Contains("dissectd.v1.FileService/WriteUpload"));
  EXPECT_THAT(unbound, Not(Contains("dissectd.v1.FileService/ListFiles")));
  grpc::ClientContext context;
  v1::CreateUploadResponse response;
  EXPECT_EQ(stub_->CreateUpload(&context, v1::CreateUploadRequest(), &response)
                .error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

}  // namespace
}  // namespace dissectd::server
