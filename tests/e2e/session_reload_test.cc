// SPDX-License-Identifier: GPL-2.0-or-later

// Makes sessions read their captures again, with other options or more keys.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/file_contents.h"
#include "tests/e2e/session_client.h"

namespace dissectd {
namespace {

using ::testing::SizeIs;

constexpr char kNoSuchFilter[] = "no such filter";
// Enough for an answer that doesn't fit into the buffers on its way.
constexpr uint32_t kFrames = 10'000;

// Half of the frames are to port 2000.
std::string Capture(uint32_t frames) {
  CaptureBuilder capture;
  for (uint32_t i = 1; i <= frames; ++i) {
    capture.Add(UdpFrame(1000, static_cast<uint16_t>(2000 + i % 2),
                         std::string(1000, 'x')));
  }
  return capture.bytes();
}

class SessionReloadTest : public ::testing::Test {
 protected:
  SessionReloadTest() : channel_(daemon_.Connect()), client_(channel_) {
    daemon_.store().Write("small.pcap", Capture(10));
  }

  // Returns the number of frames that pass a filter.
  uint32_t Count(const std::string& session, const std::string& filter) {
    v1::ListFramesRequest request;
    request.set_session(session);
    request.set_display_filter(filter);
    v1::ListFramesResponse response;
    const grpc::Status status = client_.ListFrames(request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.total();
  }

  static v1::ReloadSessionRequest WithReadFilter(const std::string& session,
                                                 const std::string& filter) {
    v1::ReloadSessionRequest request;
    request.set_name(session);
    request.mutable_options()->set_read_filter(filter);
    return request;
  }

  DaemonProcess daemon_;
  const std::shared_ptr<grpc::Channel> channel_;
  SessionClient client_;
};

TEST_F(SessionReloadTest, ReadsWithOtherOptions) {
  const v1::Session session = client_.Open("small.pcap");
  const ReloadedSession reloaded =
      client_.Reload(WithReadFilter(session.name(), "udp.dstport == 2000"));
  ASSERT_TRUE(reloaded.status.ok()) << reloaded.status.error_message();
  EXPECT_EQ(reloaded.messages.front().session().frames(), 10u);
  EXPECT_EQ(reloaded.session().name(), session.name());
  EXPECT_EQ(reloaded.session().frames(), 5u);
  EXPECT_EQ(reloaded.session().options().read_filter(), "udp.dstport == 2000");
  EXPECT_EQ(client_.Get(session.name()).frames(), 5u);
  EXPECT_EQ(Count(session.name(), "udp.dstport == 2001"), 0u);
  WaitFor("the end of the processes before",
          [&] { return daemon_.WorkerPids().size() == 1; });
  // Without options, it reads with the same ones.
  v1::ReloadSessionRequest again;
  again.set_name(session.name());
  EXPECT_EQ(client_.Reload(again).session().frames(), 5u);
}

TEST_F(SessionReloadTest, AddedKeysDecrypt) {
  daemon_.store().Write("tls.pcap",
                        ContentsOf("tests/captures/http1-tls.pcap"));
  const std::string keys = ContentsOf("tests/captures/http1-tls.keys");
  ASSERT_NE(keys, "");
  const v1::Session session = client_.Open("tls.pcap");
  EXPECT_EQ(Count(session.name(), "http"), 0u);
  v1::ReloadSessionRequest request;
  request.set_name(session.name());
  request.set_added_tls_key_log(keys);
  const ReloadedSession reloaded = client_.Reload(request);
  ASSERT_TRUE(reloaded.status.ok()) << reloaded.status.error_message();
  const uint32_t decrypted = Count(session.name(), "http");
  EXPECT_GT(decrypted, 0u);
  EXPECT_EQ(reloaded.session().options().tls_key_log(), "");
  // They stay, unless other options replace them.
  request.set_added_tls_key_log("# nothing");
  ASSERT_TRUE(client_.Reload(request).status.ok());
  EXPECT_EQ(Count(session.name(), "http"), decrypted);
  request.mutable_options();
  ASSERT_TRUE(client_.Reload(request).status.ok());
  EXPECT_EQ(Count(session.name(), "http"), 0u);
}

TEST_F(SessionReloadTest, KeyLogsDoNotGrowForever) {
  const v1::Session session = client_.Open("small.pcap");
  v1::ReloadSessionRequest request;
  request.set_name(session.name());
  request.set_added_tls_key_log(std::string(9 << 20, '#'));
  EXPECT_TRUE(client_.Reload(request).status.ok());
  EXPECT_EQ(FailureOf(client_.Reload(request).status).reason(),
            "KEY_LOG_TOO_LARGE");
}

TEST_F(SessionReloadTest, WrongOptionsChangeNothing) {
  const v1::Session session = client_.Open("small.pcap");
  EXPECT_EQ(
      FailureOf(
          client_.Reload(WithReadFilter(session.name(), kNoSuchFilter)).status)
          .reason(),
      "DISPLAY_FILTER_INVALID");
  EXPECT_EQ(client_.Get(session.name()).options().read_filter(), "");
  EXPECT_EQ(Count(session.name(), "udp.dstport == 2001"), 5u);
  EXPECT_EQ(FailureOf(client_.Reload(WithReadFilter("sessions/x", "")).status)
                .reason(),
            "SESSION_NOT_FOUND");
  WaitFor("the end of other processes",
          [&] { return daemon_.WorkerPids().size() == 1; });
}

TEST_F(SessionReloadTest, QuestionsUnderWayAreAnsweredAsBefore) {
  daemon_.store().Write("frames.pcap", Capture(kFrames));
  const v1::Session session = client_.Open("frames.pcap");
  v1::DissectRequest request;
  request.set_session(session.name());
  request.mutable_view()->set_bytes(v1::BYTE_DETAIL_FRAME);
  Dissection dissection(channel_, request);
  v1::DissectResponse message;
  ASSERT_TRUE(dissection.Next(&message));
  EXPECT_EQ(
      client_.Reload(WithReadFilter(session.name(), "udp.dstport == 2000"))
          .session()
          .frames(),
      kFrames / 2);
  EXPECT_EQ(client_.Get(session.name()).questions(), 1u);
  while (dissection.Next(&message)) {
  }
  EXPECT_TRUE(dissection.Finish().ok());
  EXPECT_EQ(message.end().frames_sent(), kFrames);
  WaitFor("the end of the processes before",
          [&] { return daemon_.WorkerPids().size() == 1; });
}

TEST_F(SessionReloadTest, OtherSessionsAreNotConcerned) {
  const v1::Session first = client_.Open("small.pcap");
  const v1::Session second = client_.Open("small.pcap");
  EXPECT_THAT(daemon_.WorkerPids(), SizeIs(1));
  EXPECT_TRUE(
      client_.Reload(WithReadFilter(first.name(), "udp.dstport == 2000"))
          .status.ok());
  EXPECT_EQ(client_.Get(second.name()).frames(), 10u);
  EXPECT_EQ(Count(second.name(), "udp.dstport == 2001"), 5u);
  EXPECT_EQ(Count(first.name(), "udp.dstport == 2001"), 0u);
  EXPECT_THAT(daemon_.WorkerPids(), SizeIs(2));
}

TEST_F(SessionReloadTest, AnotherFileIsRefused) {
  const v1::Session session = client_.Open("small.pcap");
  const std::string path = daemon_.store().path() + "/small.pcap";
  daemon_.store().Write("new.pcap", Capture(7));
  std::filesystem::rename(daemon_.store().path() + "/new.pcap", path);
  EXPECT_EQ(FailureOf(client_.Reload(WithReadFilter(session.name(), "")).status)
                .reason(),
            "SESSION_FILE_CHANGED");
  std::filesystem::remove(path);
  EXPECT_EQ(FailureOf(client_.Reload(WithReadFilter(session.name(), "")).status)
                .reason(),
            "FILE_NOT_FOUND");
  EXPECT_EQ(Count(session.name(), "udp.dstport == 2001"), 5u);
}

TEST_F(SessionReloadTest, AbandonedReloadChangesNothing) {
  daemon_.store().Write("frames.pcap", Capture(kFrames));
  const v1::Session session = client_.Open("frames.pcap");
  grpc::ClientContext context;
  const auto reader = client_.stub()->ReloadSession(
      &context, WithReadFilter(session.name(), "frame matches \"(x+)+y\""));
  v1::ReloadSessionResponse message;
  ASSERT_TRUE(reader->Read(&message));
  context.TryCancel();
  reader->Finish();
  WaitFor("the end of the processes that read",
          [&] { return daemon_.WorkerPids().size() == 1; });
  EXPECT_EQ(client_.Get(session.name()).frames(), kFrames);
  EXPECT_EQ(Count(session.name(), "udp.dstport == 2000"), kFrames / 2);
}

TEST_F(SessionReloadTest, WatchersSeeTheReload) {
  const v1::Session session = client_.Open("small.pcap");
  grpc::ClientContext context;
  v1::WatchSessionRequest request;
  request.set_name(session.name());
  const auto reader = client_.stub()->WatchSession(&context, request);
  v1::WatchSessionResponse message;
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_EQ(message.session().frames(), 10u);
  EXPECT_TRUE(
      client_.Reload(WithReadFilter(session.name(), "udp.dstport == 2000"))
          .status.ok());
  while (message.session().frames() != 5u && reader->Read(&message)) {
  }
  EXPECT_EQ(message.session().frames(), 5u);
  context.TryCancel();
}

}  // namespace
}  // namespace dissectd
