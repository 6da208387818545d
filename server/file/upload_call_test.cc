// SPDX-License-Identifier: GPL-2.0-or-later

// Tests WriteUpload with a real gRPC server, and with clients that break off.

#include "server/file/upload_call.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <asio/thread_pool.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "dissectd/v1/file.grpc.pb.h"
#include "server/base/io_loop.h"
#include "server/base/resource_names.h"
#include "server/rpc/admission.h"
#include "server/rpc/rpc_service.h"
#include "server/rpc/testing/recording_observer.h"
#include "server/store/testing/temporary_store.h"
#include "server/store/upload_store.h"

namespace dissectd::server {
namespace {

constexpr uint64_t kQuota = 8;
constexpr std::chrono::seconds kSenderTimeout(1);

// A FileService with only WriteUpload.
class UploadService final : public RpcService {
 public:
  UploadService(const Deps& deps, UploadStore* store)
      : RpcService(deps, "dissectd.v1.FileService") {
    BindUpload("WriteUpload", WorkerUse::kNone,
               [deps, store](Context context, grpc::ByteBuffer* response) {
                 static const ResourceAccess kAccess(nullptr, nullptr);
                 return UploadCall::Create({deps.loop, deps.file_queue, store,
                                            &kAccess, kSenderTimeout},
                                           std::move(context), response);
               });
  }
};

v1::WriteUploadRequest Chunk(const std::string& id, uint64_t offset,
                             const std::string& data, bool finish = false) {
  v1::WriteUploadRequest chunk;
  chunk.set_name(UploadName(id));
  chunk.set_offset(offset);
  chunk.set_data(data);
  chunk.set_finish(finish);
  return chunk;
}

// A call of WriteUpload.
class Upload {
 public:
  explicit Upload(v1::FileService::Stub* stub)
      : writer_(stub->WriteUpload(&context_, &response_)) {}

  void Write(const v1::WriteUploadRequest& chunk) { writer_->Write(chunk); }
  void Cancel() { context_.TryCancel(); }
  grpc::StatusCode End() {
    writer_->WritesDone();
    return writer_->Finish().error_code();
  }
  const v1::Upload& answer() const { return response_.upload(); }

 private:
  grpc::ClientContext context_;
  v1::WriteUploadResponse response_;
  const std::unique_ptr<grpc::ClientWriter<v1::WriteUploadRequest>> writer_;
};

class UploadCallTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto store = UploadStore::Open(folder_.files(), {{kQuota}});
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    service_ = std::make_unique<UploadService>(
        RpcService::Deps{&admission_, &loop_, &pool_, &file_queue_},
        store_.get());
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    stub_ = v1::FileService::NewStub(
        grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                            grpc::InsecureChannelCredentials()));
  }

  void TearDown() override {
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    pool_.join();
    loop_.Stop();
  }

  std::string Create() { return store_->Create("a.pcap")->id; }

  // Waits until the upload has this many bytes.
  void AwaitBytes(const std::string& id, uint64_t bytes) {
    while (store_->Get(id)->committed_bytes != bytes) {
      std::this_thread::yield();
    }
  }

  RecordingObserver observer_;
  Admission admission_{{/*max_calls=*/100,
                        /*max_workers=*/1,
                        /*authenticator=*/nullptr,
                        /*access=*/nullptr,
                        {&observer_}}};
  asio::thread_pool pool_{2};
  IoLoop loop_;
  FileQueue file_queue_{&pool_, &loop_};
  TemporaryStore folder_;
  std::unique_ptr<UploadStore> store_;
  std::unique_ptr<UploadService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::FileService::Stub> stub_;
};

TEST_F(UploadCallTest, OneThatVanishesLeavesItsBytesAndTheUploadFree) {
  const std::string id = Create();
  Upload broken(stub_.get());
  broken.Write(Chunk(id, 0, "abc"));
  AwaitBytes(id, 3);
  {
    Upload meanwhile(stub_.get());
    meanwhile.Write(Chunk(id, 3, "x"));
    EXPECT_EQ(meanwhile.End(), grpc::StatusCode::ABORTED);
  }
  broken.Cancel();
  EXPECT_EQ(broken.End(), grpc::StatusCode::CANCELLED);
  observer_.Await(2);
  Upload next(stub_.get());
  next.Write(Chunk(id, 3, "def", /*finish=*/true));
  EXPECT_EQ(next.End(), grpc::StatusCode::OK);
  EXPECT_EQ(next.answer().committed_bytes(), 6u);
  EXPECT_FALSE(next.answer().file().empty());
}

TEST_F(UploadCallTest, OneThatVanishesBeforeItsFirstChunkLeavesNothing) {
  Upload broken(stub_.get());
  broken.Cancel();
  EXPECT_EQ(broken.End(), grpc::StatusCode::CANCELLED);
  const std::string id = Create();
  Upload next(stub_.get());
  next.Write(Chunk(id, 0, "abc"));
  EXPECT_EQ(next.End(), grpc::StatusCode::OK);
}

TEST_F(UploadCallTest, OneThatSendsNothingIsToldSo) {
  EXPECT_EQ(Upload(stub_.get()).End(), grpc::StatusCode::NOT_FOUND);
}

// An error is reported once the upload can be continued.
TEST_F(UploadCallTest, OneThatHearsOfAnErrorMayCallAgainAtOnce) {
  const std::string id = Create();
  for (int i = 0; i < 20; ++i) {
    Upload wrong(stub_.get());
    wrong.Write(Chunk(id, 1, "x"));
    ASSERT_EQ(wrong.End(), grpc::StatusCode::OUT_OF_RANGE);
  }
}

TEST_F(UploadCallTest, OneThatHangsLosesTheUploadButNotItsBytes) {
  const std::string id = Create();
  Upload hanging(stub_.get());
  hanging.Write(Chunk(id, 0, "abc"));
  AwaitBytes(id, 3);
  Upload silent(stub_.get());
  // Both end although their clients neither send nor cancel anything.
  observer_.Await(2);
  Upload next(stub_.get());
  next.Write(Chunk(id, 3, "def", /*finish=*/true));
  EXPECT_EQ(next.End(), grpc::StatusCode::OK);
  EXPECT_EQ(next.answer().committed_bytes(), 6u);
  EXPECT_EQ(hanging.End(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(silent.End(), grpc::StatusCode::ABORTED);
}

TEST_F(UploadCallTest, OneThatSendsNowAndThenMayTakeLong) {
  const std::string id = Create();
  Upload slow(stub_.get());
  const auto begin = std::chrono::steady_clock::now();
  uint64_t sent = 0;
  while (std::chrono::steady_clock::now() - begin < 2 * kSenderTimeout) {
    slow.Write(Chunk(id, sent, "x"));
    AwaitBytes(id, ++sent);
    std::this_thread::sleep_for(std::chrono::milliseconds(kSenderTimeout) / 3);
  }
  EXPECT_EQ(slow.End(), grpc::StatusCode::OK);
  EXPECT_EQ(slow.answer().committed_bytes(), sent);
}

TEST_F(UploadCallTest, AFullStoreKeepsWhatItTook) {
  const std::string other = Create();
  const std::string id = Create();
  {
    Upload first(stub_.get());
    first.Write(Chunk(other, 0, "1234"));
    EXPECT_EQ(first.End(), grpc::StatusCode::OK);
    Upload full(stub_.get());
    full.Write(Chunk(id, 0, "abc"));
    full.Write(Chunk(id, 3, "def", /*finish=*/true));
    EXPECT_EQ(full.End(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  }
  EXPECT_EQ(store_->Get(id)->committed_bytes, 3u);
  EXPECT_TRUE(store_->Get(id)->path.empty());
  ASSERT_TRUE(store_->Delete(other).ok());
  Upload next(stub_.get());
  next.Write(Chunk(id, 3, "def", /*finish=*/true));
  EXPECT_EQ(next.End(), grpc::StatusCode::OK);
  EXPECT_EQ(next.answer().committed_bytes(), 6u);
}

}  // namespace
}  // namespace dissectd::server
