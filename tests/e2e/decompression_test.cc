// SPDX-License-Identifier: GPL-2.0-or-later

// Tests captures that are a thousand times larger when decompressed.

#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "tests/e2e/capture_faults.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/deadline_status.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

constexpr size_t kMemberBytes = size_t{64} << 20;
constexpr int kMembers = 256;
// More than a worker has at its start; much less than one part of the bomb.
constexpr size_t kMaxGrowth = size_t{48} << 20;

std::string Gzip(const std::string& bytes) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/out.gz";
  FILE* gzip = popen(("gzip > '" + path + "'").c_str(), "w");
  EXPECT_NE(gzip, nullptr);
  EXPECT_EQ(std::fwrite(bytes.data(), 1, bytes.size(), gzip), bytes.size());
  EXPECT_EQ(pclose(gzip), 0);
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Returns a file that begins with `head`; 16 GiB of zeros follow.
std::string Bomb(const std::string& head) {
  std::string bomb = Gzip(head);
  const std::string member = Gzip(std::string(kMemberBytes, '\0'));
  for (int i = 0; i < kMembers; ++i) bomb += member;
  EXPECT_LT(bomb.size(), size_t{32} << 20);
  return bomb;
}

class DecompressionTest : public ::testing::Test {
 protected:
  const DaemonProcess& daemon() const { return daemon_; }

  v1::DissectRequest Store(const std::string& bytes) const {
    daemon_.store().Write("bomb.gz", bytes);
    return RequestFor("bomb.gz");
  }

 private:
  const DaemonProcess daemon_;
};

TEST_F(DecompressionTest, AStreamOfABombNeedsLittleMemory) {
  const v1::DissectRequest request = Store(Bomb(CaptureBuilder().bytes()));
  const size_t daemon_before = ResidentBytes(daemon().pid());
  const size_t engine = ResidentBytes(daemon().EnginePid());
  {
    Dissection call(daemon().Connect(), request);
    v1::DissectResponse response;
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(call.Next(&response));
    ASSERT_EQ(daemon().WorkerPids().size(), 1u);
    EXPECT_LT(ResidentBytes(daemon().WorkerPids().front()),
              engine + kMaxGrowth);
    EXPECT_LT(ResidentBytes(daemon().pid()), daemon_before + kMaxGrowth);
  }
  daemon().WaitForNoWorkers();
}

TEST_F(DecompressionTest, ADeadlineEndsWhatReadsABomb) {
  Store(Bomb(CaptureBuilder().bytes()));
  v1::GetFileRequest request;
  request.set_name("files/bomb.gz");
  request.set_view(v1::FILE_VIEW_FULL);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::seconds(2));
  v1::GetFileResponse response;
  const grpc::Status status = v1::FileService::NewStub(daemon().Connect())
                                  ->GetFile(&context, request, &response);
  EXPECT_THAT(status.error_code(), IsEndAtDeadline());
  daemon().WaitForNoWorkers();
}

TEST_F(DecompressionTest, ABombThatIsNoCaptureIsRefusedAtOnce) {
  const DissectionResult result = Dissect(daemon().Connect(), Store(Bomb("")));
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_TRUE(result.messages.empty());
}

}  // namespace
}  // namespace dissectd
