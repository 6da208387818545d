// SPDX-License-Identifier: GPL-2.0-or-later

// Tests that MergeFiles and SplitFile leave nothing behind if they are
// cancelled or the disk is full.

#include <grpcpp/client_context.h>
#include <gtest/gtest.h>
#include <sys/types.h>

#include <csignal>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/export.grpc.pb.h"
#include "tests/e2e/capture_faults.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/written_captures.h"

namespace dissectd {
namespace {

constexpr char kIn[] = "files/in.pcap";
constexpr char kOut[] = "files/exports/out";
// Takes a worker some seconds.
constexpr int kManyFrames = 200'000;

std::string Frames(int count) {
  CaptureBuilder capture;
  const std::string frame = UdpFrame(1000, 2000, std::string(100, 'x'));
  for (int i = 0; i < count; ++i) capture.Add(frame);
  return capture.bytes();
}

grpc::Status Merge(v1::ExportService::Stub* stub,
                   grpc::ClientContext* context) {
  v1::MergeFilesRequest request;
  for (int i = 0; i < 4; ++i) request.add_files(kIn);
  request.set_name(kOut);
  v1::MergeFilesResponse response;
  return stub->MergeFiles(context, request, &response);
}

v1::SplitFileRequest SplitRequest() {
  v1::SplitFileRequest request;
  request.set_file(kIn);
  request.set_prefix(kOut);
  request.mutable_write()->set_file_type("pcap");
  request.set_frames(300);
  return request;
}

grpc::Status Split(v1::ExportService::Stub* stub,
                   grpc::ClientContext* context) {
  v1::SplitFileResponse response;
  return stub->SplitFile(context, SplitRequest(), &response);
}

struct Method {
  const char* name;
  grpc::Status (*call)(v1::ExportService::Stub* stub,
                       grpc::ClientContext* context);
};

class CancelledTest : public ::testing::TestWithParam<Method> {
 protected:
  CancelledTest() : stub_(v1::ExportService::NewStub(daemon_.Connect())) {}

  grpc::Status Call() {
    grpc::ClientContext context;
    return GetParam().call(stub_.get(), &context);
  }
  size_t CountFiles() const { return CountFilesBelow(daemon_.store().path()); }

  DaemonProcess daemon_;
  const std::unique_ptr<v1::ExportService::Stub> stub_;
};

TEST_P(CancelledTest, LeavesNothing) {
  // What the daemon opens for its first call isn't left over.
  daemon_.store().Write("in.pcap", Frames(10));
  ASSERT_TRUE(Call().ok());
  std::filesystem::remove_all(daemon_.store().path() + "/exports");
  daemon_.WaitForNoWorkers();
  daemon_.store().Write("in.pcap", Frames(kManyFrames));
  const size_t descriptors = daemon_.OpenFileDescriptors();
  grpc::ClientContext context;
  grpc::Status status;
  std::thread call([&] { status = GetParam().call(stub_.get(), &context); });
  WaitFor("a worker", [&] { return !daemon_.WorkerPids().empty(); });
  // The worker can't finish before the call is cancelled.
  for (const pid_t worker : daemon_.WorkerPids()) kill(worker, SIGSTOP);
  context.TryCancel();
  call.join();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::CANCELLED);
  daemon_.WaitForNoWorkers();
  // A file without a name is deleted when it is closed.
  WaitFor("the end of the file",
          [&] { return daemon_.OpenFileDescriptors() <= descriptors; });
  EXPECT_EQ(CountFiles(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Methods, CancelledTest,
                         ::testing::Values(Method{"MergeFiles", Merge},
                                           Method{"SplitFile", Split}),
                         [](const auto& tested) { return tested.param.name; });

class FullDiskTest : public ::testing::TestWithParam<Method> {
 protected:
  FullDiskTest() : daemon_({"--min-free-disk=0"}) {}

  void SetUp() override {
    static const bool kEntered = EnterPrivateMounts();
    if (!kEntered) GTEST_SKIP() << "the kernel forbids mount namespaces";
    store_ = std::make_unique<SmallStore>(&daemon_, 512 << 10);
    stub_ = v1::ExportService::NewStub(daemon_.Connect());
  }

  void TearDown() override {
    if (store_ == nullptr) return;
    EXPECT_EQ(daemon_.Stop(), 0);
    store_.reset();
  }

  grpc::Status Call() {
    grpc::ClientContext context;
    return GetParam().call(stub_.get(), &context);
  }
  size_t CountFiles() const { return CountFilesBelow(daemon_.store().path()); }

  DaemonProcess daemon_;
  std::unique_ptr<SmallStore> store_;
  std::unique_ptr<v1::ExportService::Stub> stub_;
};

TEST_P(FullDiskTest, LeavesNothing) {
  daemon_.store().Write("in.pcap", Frames(200));
  store_->Fill();
  ExpectError(Call(), grpc::StatusCode::RESOURCE_EXHAUSTED, "STORE_FULL");
  EXPECT_EQ(CountFiles(), 2u) << "in.pcap and what fills the disk";
  std::filesystem::remove(daemon_.store().path() + "/filler");
  const grpc::Status again = Call();
  EXPECT_TRUE(again.ok()) << again.error_message();
}

INSTANTIATE_TEST_SUITE_P(Methods, FullDiskTest,
                         ::testing::Values(Method{"MergeFiles", Merge},
                                           Method{"SplitFile", Split}),
                         [](const auto& tested) { return tested.param.name; });

// The disk has room for what the worker writes, but not for the files that are
// made of it.
class FullDiskSplitTest : public FullDiskTest {};

TEST_P(FullDiskSplitTest, LeavesNothing) {
  daemon_.store().Write("in.pcap", Frames(1200));
  ExpectError(Call(), grpc::StatusCode::RESOURCE_EXHAUSTED, "STORE_FULL");
  EXPECT_EQ(CountFiles(), 1u);
  daemon_.store().Write("in.pcap", Frames(700));
  // The daemon may free the space a moment after the answer.
  WaitFor("the space", [this] { return Call().ok(); });
  EXPECT_EQ(CountFiles(), 4u);
}

INSTANTIATE_TEST_SUITE_P(Methods, FullDiskSplitTest,
                         ::testing::Values(Method{"SplitFile", Split}),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace dissectd
