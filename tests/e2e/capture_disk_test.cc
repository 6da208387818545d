// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the limits of the disk space for captures.

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <string>

#include "dissectd/v1/file.grpc.pb.h"
#include "tests/e2e/capture_client.h"
#include "tests/e2e/capture_faults.h"
#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/network_namespace.h"

namespace dissectd {
namespace {

using grpc::StatusCode;

// Takes about a kilobyte in a capture for each packet.
UdpTraffic LargePackets(uint32_t count) {
  UdpTraffic traffic{"127.0.0.1", 9999, count};
  traffic.payload_size = 1000;
  return traffic;
}

void ExpectFailure(const v1::Capture& ended, const std::string& reason) {
  EXPECT_EQ(ended.state(), v1::CAPTURE_STATE_FAILED);
  EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_FAILED);
  EXPECT_EQ(ended.stopped().failure().reason(), reason);
}

class CaptureQuotaTest : public CaptureFixture {
 protected:
  CaptureQuotaTest() : CaptureFixture({"--capture-quota=200KB"}) {}
};

TEST_F(CaptureQuotaTest, CapturesThatAreTooLargeTogetherEnd) {
  const v1::Capture first = client().Create(CaptureOf("lo"));
  SendUdp(LargePackets(100));
  client().WaitForPackets(first.name(), 100);
  client().Stop(first.name());
  const v1::Capture second = client().Create(CaptureOf("lo"));
  SendUdp(LargePackets(200));
  const v1::Capture ended = client().WaitForEnd(second.name());
  ExpectFailure(ended, "CAPTURE_QUOTA_EXCEEDED");
  EXPECT_EQ(ReadStoredPackets(PathOf(ended.current_file())).size(),
            ended.packets_written());
  // The files count until they are deleted, also for the next daemon.
  for (const bool restarted : {false, true}) {
    if (restarted) {
      daemon().Restart();
      Connect();
    }
    ExpectError(client().TryCreate(CaptureOf("lo")),
                StatusCode::RESOURCE_EXHAUSTED, "CAPTURE_QUOTA_EXCEEDED");
  }
  EXPECT_TRUE(client().Delete(second.name(), true).ok());
  ExpectServing(daemon());
}

TEST_F(CaptureQuotaTest, DeletingWhatACaptureHasLeftMakesRoom) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  SendUdp(LargePackets(300));
  const v1::Capture ended = client().WaitForEnd(capture.name());
  ExpectFailure(ended, "CAPTURE_QUOTA_EXCEEDED");
  EXPECT_TRUE(client().Delete(capture.name(), false).ok());
  ExpectError(client().TryCreate(CaptureOf("lo")),
              StatusCode::RESOURCE_EXHAUSTED, "CAPTURE_QUOTA_EXCEEDED");
  grpc::ClientContext context;
  v1::DeleteFileRequest request;
  request.set_name(ended.current_file().file());
  v1::DeleteFileResponse response;
  EXPECT_TRUE(v1::FileService::NewStub(channel())
                  ->DeleteFile(&context, request, &response)
                  .ok());
  client().Stop(client().Create(CaptureOf("lo")).name());
}

class CaptureFreeDiskTest : public CaptureFixture {
 protected:
  CaptureFreeDiskTest() : CaptureFixture({"--min-free-disk=400KB"}) {}
};

TEST_F(CaptureFreeDiskTest, CapturesLeaveDiskSpaceFree) {
  if (!EnterPrivateMounts()) {
    GTEST_SKIP() << "the kernel forbids mount namespaces";
  }
  constexpr size_t kBytes = 800 << 10;
  auto store = std::make_unique<SmallStore>(&daemon(), kBytes);
  Connect();
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  // Less than the file system has room for.
  SendUdp(LargePackets(500));
  ExpectFailure(client().WaitForEnd(capture.name()), "FREE_DISK_TOO_SMALL");
  ExpectError(client().TryCreate(CaptureOf("lo")),
              StatusCode::RESOURCE_EXHAUSTED, "FREE_DISK_TOO_SMALL");
  EXPECT_EQ(client().List().size(), 1u);
  WaitFor("the end of dumpcap",
          [&] { return DumpcapsOf(daemon().pid()).empty(); });
  EXPECT_EQ(daemon().Stop(), 0);
  store.reset();
}

}  // namespace
}  // namespace dissectd
