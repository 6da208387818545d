// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/session_live_fixture.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "dissectd/v1/analysis.grpc.pb.h"
#include "tests/e2e/command.h"
#include "tests/e2e/dissection.h"

namespace dissectd {

v1::OpenSessionRequest RequestFor(const v1::Capture& capture) {
  v1::OpenSessionRequest request;
  request.set_capture(capture.name());
  return request;
}

v1::CaptureOptions OfDns() {
  v1::CaptureOptions options = CaptureOf("lo");
  options.mutable_interfaces(0)->set_capture_filter("udp port 53");
  return options;
}

v1::CaptureOptions FilesOfDns(uint32_t kept) {
  v1::CaptureOptions options = OfDns();
  options.mutable_ring()->set_packets(10);
  options.mutable_ring()->set_files(kept);
  return options;
}

// Returns each number from 1 on twice.
std::vector<uint32_t> IdsUpTo(uint32_t last) {
  std::vector<uint32_t> ids;
  for (uint32_t id = 1; id <= last; ++id) ids.insert(ids.end(), {id, id});
  return ids;
}

SessionWatch::SessionWatch(SessionClient* client, const std::string& session)
    : thread_([this, client, session] {
        v1::WatchSessionRequest request;
        request.set_name(session);
        const auto reader = client->stub()->WatchSession(&context_, request);
        v1::WatchSessionResponse response;
        while (reader->Read(&response)) {
          if (!response.has_session()) continue;
          EXPECT_GE(response.session().frames(), frames_);
          frames_ = response.session().frames();
          live_ = response.session().live();
        }
        reader->Finish();
      }) {}

SessionWatch::~SessionWatch() {
  context_.TryCancel();
  thread_.join();
}

void SessionWatch::WaitForFrames(uint32_t frames) const {
  WaitFor("frames", [&] { return frames_ >= frames; });
  EXPECT_EQ(frames_, frames);
}

void SessionWatch::WaitForEnd() const {
  WaitFor("the end of the capture", [&] { return !live_; });
}

void SessionLiveFixture::SetUp() {
  CaptureFixture::SetUp();
  if (IsSkipped()) return;
  sessions_.emplace(channel());
  dns_.emplace();
}

v1::Session SessionLiveFixture::Open(const v1::Capture& capture) {
  return Open(RequestFor(capture));
}

v1::Session SessionLiveFixture::Open(const v1::OpenSessionRequest& request) {
  const OpenedSession opened = sessions_->Open(request);
  EXPECT_TRUE(opened.status.ok()) << opened.status.error_message();
  EXPECT_EQ(opened.session().state(), v1::SESSION_STATE_READY);
  EXPECT_EQ(opened.session().file(),
            request.has_capture() ? request.capture() : request.file());
  return opened.session();
}

void SessionLiveFixture::Exchange(const v1::Capture& capture, uint16_t first,
                                  uint16_t last) {
  for (uint16_t number = first; number <= last; ++number) {
    dns_->Ask(number);
    dns_->Answer(number);
  }
  client().WaitForPackets(capture.name(), uint64_t{2} * last);
}

std::string SessionLiveFixture::Copy(const v1::Capture& capture) const {
  const std::string name = "copy" + std::to_string(++copies_) + ".pcapng";
  std::filesystem::copy_file(PathOf(client().Files(capture.name()).front()),
                             daemon().store().path() + "/" + name);
  return name;
}

v1::GetFrameResponse SessionLiveFixture::GetFrame(const std::string& session,
                                                  uint32_t frame) {
  v1::GetFrameResponse response;
  const grpc::Status status =
      sessions_->GetFrame(WholeFrame(session, frame), &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  // It is about the first file, as it was when it was opened.
  response.mutable_header()->clear_file();
  return response;
}

v1::ListFramesResponse SessionLiveFixture::ListFrames(
    const std::string& session, const std::string& filter,
    uint32_t sort_column) {
  v1::ListFramesRequest request;
  request.set_session(session);
  request.set_display_filter(filter);
  request.mutable_columns()->set_use_profile_columns(true);
  request.set_limit(1000);
  request.set_sort_column(sort_column);
  v1::ListFramesResponse response;
  const grpc::Status status = sessions_->ListFrames(request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

std::vector<std::string> SessionLiveFixture::Report(
    const std::string& session) const {
  v1::RunStatisticsRequest request;
  request.mutable_source()->set_session(session);
  request.set_text(true);
  request.add_reports()->set_argument("conv,udp");
  request.add_reports()->set_argument("dns,tree");
  grpc::ClientContext context;
  const auto stub = v1::AnalysisService::NewStub(channel());
  const auto reader = stub->RunStatistics(&context, request);
  std::vector<std::string> messages;
  v1::RunStatisticsResponse response;
  while (reader->Read(&response)) {
    if (response.has_progress()) continue;
    messages.push_back(response.SerializeAsString());
  }
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  return messages;
}

void SessionLiveFixture::ExpectSameAnswers(const std::string& session,
                                           const v1::Session& expected) {
  ASSERT_EQ(sessions_->Get(session).frames(), expected.frames());
  for (uint32_t frame = expected.frames(); frame >= 1; --frame) {
    EXPECT_EQ(GetFrame(session, frame).DebugString(),
              GetFrame(expected.name(), frame).DebugString());
  }
  for (const char* filter :
       {"", kAnswers, "dns.response_in || http.response_in"}) {
    for (const uint32_t column : {0u, 7u}) {
      EXPECT_EQ(ListFrames(session, filter, column).DebugString(),
                ListFrames(expected.name(), filter, column).DebugString());
    }
  }
  EXPECT_EQ(Report(session), Report(expected.name()));
}

void SessionLiveFixture::ExpectAnswersOf(const std::string& file,
                                         const std::string& session) {
  const v1::Session expected = sessions_->Open(file);
  ExpectSameAnswers(session, expected);
  EXPECT_TRUE(sessions_->Close(expected.name()).ok());
  ExpectListOfTshark(file, session);
}

void SessionLiveFixture::ExpectListOfTshark(const std::string& file,
                                            const std::string& session) {
  std::string list;
  const v1::ListFramesResponse frames = ListFrames(session, "");
  for (const v1::FrameSummary& frame : frames.frames()) {
    list += std::to_string(frame.number()) + "\t" +
            frame.columns(frame.columns_size() - 1) + "\n";
  }
  EXPECT_EQ(list,
            OutputOf("tshark -2 -r " + daemon().store().path() + "/" + file +
                     " -T fields -e frame.number -e _ws.col.Info 2>/dev/null"));
}

std::vector<uint32_t> SessionLiveFixture::IdsOf(
    const std::string& session) const {
  v1::DissectRequest request;
  request.set_session(session);
  request.mutable_view()->add_fields("dns.id");
  std::vector<uint32_t> ids;
  uint32_t number = 0;
  for (const v1::PlainFrame& frame : Dissect(channel(), request).Frames()) {
    EXPECT_EQ(frame.number(), ++number);
    ids.push_back(frame.fields(0).uint32_value());
  }
  return ids;
}

}  // namespace dissectd
