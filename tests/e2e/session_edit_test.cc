// SPDX-License-Identifier: GPL-2.0-or-later

// Edits sessions, and asks what they show then. What they write is compared
// with editcap in tests/fidelity/.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/support/async_unary_call.h>
#include <gtest/gtest.h>
#include <sys/types.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/export.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/session_client.h"

namespace dissectd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// The frames are a millisecond apart, and have 100 to 109 bytes.
constexpr uint32_t kFrames = 10;

std::string Capture() {
  CaptureBuilder capture;
  for (uint32_t i = 0; i < kFrames; ++i) {
    capture.Add(UdpFrame(1000, static_cast<uint16_t>(2000 + i % 2),
                         std::string(58 + i, 'x')));
  }
  return capture.bytes();
}

class SessionEditTest : public ::testing::Test {
 protected:
  SessionEditTest() : channel_(daemon_.Connect()), client_(channel_) {
    daemon_.store().Write("small.pcap", Capture());
    session_ = client_.Open("small.pcap").name();
    request_.set_name(session_);
  }

  // Makes the edits of the request, and empties it.
  grpc::Status Edit(v1::Session* session = nullptr) {
    grpc::ClientContext context;
    v1::EditSessionResponse response;
    const grpc::Status status =
        client_.stub()->EditSession(&context, request_, &response);
    if (session != nullptr) *session = response.session();
    request_.clear_edits();
    return status;
  }
  std::string ReasonOfEdit() { return FailureOf(Edit()).reason(); }
  v1::SessionEdit* Add() { return request_.add_edits(); }

  v1::GetSessionEditsResponse Edits(const std::string& session) {
    grpc::ClientContext context;
    v1::GetSessionEditsRequest request;
    request.set_name(session);
    v1::GetSessionEditsResponse response;
    const grpc::Status status =
        client_.stub()->GetSessionEdits(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  // Returns the lines of the frames that pass a filter, with these columns.
  std::vector<v1::FrameSummary> List(
      const std::string& filter, std::initializer_list<const char*> columns) {
    v1::ListFramesRequest request;
    request.set_session(session_);
    request.set_display_filter(filter);
    for (const char* const column : columns) {
      request.mutable_columns()->add_columns()->set_format(column);
    }
    v1::ListFramesResponse response;
    const grpc::Status status = client_.ListFrames(request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return {response.frames().begin(), response.frames().end()};
  }
  std::vector<uint32_t> Numbers(const std::string& filter) {
    std::vector<uint32_t> numbers;
    for (const v1::FrameSummary& frame : List(filter, {})) {
      numbers.push_back(frame.number());
    }
    return numbers;
  }

  // Returns the number of frames that an export of the session has.
  uint32_t Exported(const v1::FrameSelection& selection) {
    v1::ExportPacketsRequest request;
    request.set_session(session_);
    *request.mutable_selection() = selection;
    grpc::ClientContext context;
    const auto reader =
        v1::ExportService::NewStub(channel_)->ExportPackets(&context, request);
    v1::ExportPacketsResponse response;
    uint32_t frames = 0;
    while (reader->Read(&response)) {
      if (response.has_end()) frames = response.end().frames_written();
    }
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return frames;
  }

  grpc::Status ExportStatus(const v1::ExportPacketsRequest& request) {
    grpc::ClientContext context;
    const auto reader =
        v1::ExportService::NewStub(channel_)->ExportPackets(&context, request);
    v1::ExportPacketsResponse response;
    while (reader->Read(&response)) {
    }
    return reader->Finish();
  }

  DaemonProcess daemon_;
  const std::shared_ptr<grpc::Channel> channel_;
  SessionClient client_;
  std::string session_;
  v1::EditSessionRequest request_;
};

TEST_F(SessionEditTest, MarksTakeEffectWithoutOtherProcesses) {
  const std::vector<pid_t> processes = daemon_.WorkerPids();
  EXPECT_THAT(Numbers("frame.marked == 1"), SizeIs(0));
  *Add()->mutable_mark() = Frames({3, 5, 7});
  ASSERT_TRUE(Edit().ok());
  EXPECT_THAT(Numbers("frame.marked == 1"), ElementsAre(3, 5, 7));
  *Add()->mutable_mark() = Frames({5}, /*undo=*/true);
  *Add()->mutable_mark() = Frames({8});
  v1::Session session;
  ASSERT_TRUE(Edit(&session).ok());
  EXPECT_EQ(session.edits(), 1u);
  EXPECT_THAT(Numbers("frame.marked == 1"), ElementsAre(3, 7, 8));
  EXPECT_THAT(Numbers("frame.marked == 1 && udp.dstport == 2001"),
              ElementsAre(8));
  const std::vector<v1::FrameSummary> all = List("", {});
  EXPECT_TRUE(all[2].marked());
  EXPECT_FALSE(all[4].marked());
  EXPECT_EQ(daemon_.WorkerPids(), processes);
  v1::FrameSelection selection;
  selection.set_marked_only(true);
  EXPECT_EQ(Exported(selection), 3u);
  selection.set_display_filter("udp.dstport == 2000");
  EXPECT_EQ(Exported(selection), 2u);
}

TEST_F(SessionEditTest, OthersDoNotSeeMarks) {
  const v1::Session other = client_.Open("small.pcap");
  EXPECT_THAT(daemon_.WorkerPids(), SizeIs(1));
  *Add()->mutable_mark() = Frames({3});
  ASSERT_TRUE(Edit().ok());
  EXPECT_THAT(Numbers("frame.marked == 1"), ElementsAre(3));
  session_ = other.name();
  EXPECT_THAT(Numbers("frame.marked == 1"), SizeIs(0));
  EXPECT_THAT(daemon_.WorkerPids(), SizeIs(1));
  EXPECT_EQ(Edits(other.name()).edits_size(), 0);
}

TEST_F(SessionEditTest, IgnoredFramesAreNotDissected) {
  *Add()->mutable_ignore() = Frames({4});
  ASSERT_TRUE(Edit().ok());
  EXPECT_THAT(Numbers("frame.ignored == 1"), ElementsAre(4));
  EXPECT_THAT(Numbers("udp"), SizeIs(kFrames - 1));
  const std::vector<v1::FrameSummary> all = List("", {"%i", "%p"});
  EXPECT_EQ(all[3].columns(0), "<Ignored>");
  EXPECT_TRUE(all[3].ignored());
  EXPECT_EQ(all[2].columns(1), "UDP");
  v1::FrameSelection selection;
  EXPECT_EQ(Exported(selection), kFrames);
  selection.set_without_ignored(true);
  EXPECT_EQ(Exported(selection), kFrames - 1);
  *Add()->mutable_ignore() = Frames({4}, /*undo=*/true);
  v1::Session session;
  ASSERT_TRUE(Edit(&session).ok());
  EXPECT_EQ(session.edits(), 0u);
  EXPECT_THAT(Numbers("udp"), SizeIs(kFrames));
}

TEST_F(SessionEditTest, RelativeTimesBeginAtReferences) {
  const std::vector<v1::FrameSummary> before = List("", {"%Rt", "%B"});
  *Add()->mutable_time_reference() = Frames({4, 8});
  ASSERT_TRUE(Edit().ok());
  EXPECT_THAT(Numbers("frame.ref_time"), ElementsAre(4, 8));
  const std::vector<v1::FrameSummary> all = List("", {"%Rt", "%B"});
  EXPECT_TRUE(all[3].time_reference());
  EXPECT_EQ(all[1].columns(0), before[1].columns(0));
  EXPECT_EQ(all[2].columns(0), before[2].columns(0));
  EXPECT_EQ(all[4].columns(0), before[1].columns(0));
  EXPECT_EQ(all[6].columns(0), before[3].columns(0));
  EXPECT_EQ(all[8].columns(0), before[1].columns(0));
  // So do the sums of bytes.
  EXPECT_EQ(all[2].columns(1), before[2].columns(1));
  EXPECT_EQ(all[3].columns(1), "103");
  EXPECT_EQ(all[4].columns(1), "207");
  // The answer doesn't depend on what was asked before.
  v1::GetFrameResponse frame;
  ASSERT_TRUE(client_.GetFrame(WholeFrame(session_, 3), &frame).ok());
  EXPECT_THAT(Numbers("frame.time_relative == 0"), ElementsAre(1, 4, 8));
}

// Checkpoints know the references before them.
TEST_F(SessionEditTest, FramesLookTheSameFromCheckpoints) {
  constexpr uint32_t kManyFrames = 1700;
  CaptureBuilder capture;
  for (uint32_t i = 0; i < kManyFrames; ++i) {
    capture.Add(UdpFrame(1000, static_cast<uint16_t>(2000 + i % 3), "x"));
  }
  daemon_.store().Write("many.pcap", capture.bytes());
  session_ = client_.Open("many.pcap").name();
  request_.set_name(session_);
  *Add()->mutable_time_reference() = Frames({100, 600, 1200});
  *Add()->mutable_ignore() = Frames({99, 1100});
  ASSERT_TRUE(Edit().ok());
  v1::DissectRequest request;
  request.set_session(session_);
  *request.mutable_view() = WholeFrame("", 0).view();
  std::vector<v1::PlainFrame> expected;
  for (const v1::DissectResponse& message :
       Dissect(channel_, request).messages) {
    expected.insert(expected.end(), message.plain_batch().frames().begin(),
                    message.plain_batch().frames().end());
  }
  ASSERT_THAT(expected, SizeIs(kManyFrames));
  for (const uint32_t number :
       {1650u, 1200u, 1100u, 601u, 600u, 599u, 501u, 101u, 99u, 1u}) {
    v1::GetFrameResponse response;
    ASSERT_TRUE(client_.GetFrame(WholeFrame(session_, number), &response).ok());
    EXPECT_EQ(response.plain_batch().frames(0).SerializeAsString(),
              expected[number - 1].SerializeAsString())
        << "frame " << number;
  }
  // Every third frame of 43 bytes passes: the 34th is the reference 100.
  const std::vector<v1::FrameSummary> filtered =
      List("udp.dstport == 2000", {"%Rt", "%B"});
  EXPECT_EQ(filtered[32].columns(0), "0.096000");
  EXPECT_EQ(filtered[32].columns(1), "1419");
  EXPECT_EQ(filtered[33].columns(1), "43");
  EXPECT_EQ(filtered[34].columns(0), "0.003000");
  EXPECT_EQ(filtered[34].columns(1), "86");
}

TEST_F(SessionEditTest, TimesAreShifted) {
  const v1::Session before = client_.Get(session_);
  v1::TimeValue* offset = Add()->mutable_time_shift()->mutable_offset();
  offset->set_seconds(-10);
  offset->set_nanos(-500'000'000);
  v1::Session session;
  ASSERT_TRUE(Edit(&session).ok());
  const int64_t all_before = before.first_time().seconds() * 1'000'000'000 +
                             before.first_time().nanos();
  const int64_t all_after = session.first_time().seconds() * 1'000'000'000 +
                            session.first_time().nanos();
  EXPECT_EQ(all_before - all_after, 10'500'000'000);
  EXPECT_THAT(Numbers("frame.offset_shift == -10.5"), SizeIs(kFrames));
  // Another shift replaces it, and 0 restores the times.
  Add()->mutable_time_shift()->mutable_offset();
  ASSERT_TRUE(Edit(&session).ok());
  EXPECT_EQ(session.first_time().seconds(), before.first_time().seconds());
  EXPECT_EQ(session.edits(), 0u);
}

TEST_F(SessionEditTest, TimesBefore1970AreNotWritten) {
  v1::TimeValue* offset = Add()->mutable_time_shift()->mutable_offset();
  offset->set_seconds(-1'700'000'001);
  ASSERT_TRUE(Edit().ok());
  v1::ExportPacketsRequest request;
  request.set_session(session_);
  for (const char* const type : {"pcapng", "pcap", "nsecpcap"}) {
    request.mutable_write()->set_file_type(type);
    const v1::Failure failure = FailureOf(ExportStatus(request));
    EXPECT_EQ(failure.reason(), "RECORD_DATA_UNWRITABLE") << type;
    EXPECT_THAT(failure.message(), HasSubstr("its time is before 1970"));
    EXPECT_EQ(failure.metadata().at("frame"), "1");
  }
  // The seconds of pcap have 32 bits.
  offset = Add()->mutable_time_shift()->mutable_offset();
  offset->set_seconds(int64_t{1} << 32);
  ASSERT_TRUE(Edit().ok());
  EXPECT_THAT(FailureOf(ExportStatus(request)).message(),
              HasSubstr("its time is after 2106"));
  request.mutable_write()->set_file_type("pcapng");
  EXPECT_TRUE(ExportStatus(request).ok());
}

TEST_F(SessionEditTest, CommentsAreShown) {
  v1::FrameComments* comments = Add()->mutable_frame_comments();
  comments->set_frame_number(2);
  comments->add_comments("one");
  comments->add_comments("two");
  Add()->mutable_section_comments()->add_comments("all");
  v1::Session session;
  ASSERT_TRUE(Edit(&session).ok());
  EXPECT_EQ(session.edits(), 2u);
  EXPECT_THAT(Numbers("frame.comment == \"two\""), ElementsAre(2));
  const std::vector<v1::FrameSummary> all = List("", {});
  EXPECT_TRUE(all[1].commented());
  EXPECT_FALSE(all[0].commented());
  comments = Add()->mutable_frame_comments();
  comments->set_frame_number(2);
  ASSERT_TRUE(Edit().ok());
  EXPECT_THAT(Numbers("frame.comment"), SizeIs(0));
}

TEST_F(SessionEditTest, EditsAreReturnedInTheShortestForm) {
  *Add()->mutable_ignore() = Frames({4, 2});
  *Add()->mutable_mark() = Frames({1, 2, 3});
  *Add()->mutable_ignore() = Frames({4, 3});
  Add()->mutable_section_comments()->add_comments("first");
  Add()->mutable_section_comments()->add_comments("second");
  ASSERT_TRUE(Edit().ok());
  const v1::GetSessionEditsResponse edits = Edits(session_);
  ASSERT_EQ(edits.edits_size(), 3);
  // They make another session equal.
  const v1::Session other = client_.Open("small.pcap");
  request_.set_name(other.name());
  *request_.mutable_edits() = edits.edits();
  ASSERT_TRUE(Edit().ok());
  EXPECT_EQ(Edits(other.name()).SerializeAsString(), edits.SerializeAsString());
  WaitFor("both sessions to have the same processes",
          [&] { return daemon_.WorkerPids().size() == 1; });
}

TEST_F(SessionEditTest, AllOrNothing) {
  *Add()->mutable_mark() = Frames({1});
  *Add()->mutable_ignore() = Frames({kFrames + 1});
  EXPECT_EQ(ReasonOfEdit(), "FRAME_NOT_FOUND");
  EXPECT_EQ(Edits(session_).edits_size(), 0);
  EXPECT_THAT(Numbers("frame.marked == 1"), SizeIs(0));
}

TEST_F(SessionEditTest, RefusesWhatHasNoMeaning) {
  Add();
  EXPECT_EQ(ReasonOfEdit(), "EDIT_INVALID");
  Add()->mutable_mark();
  EXPECT_EQ(ReasonOfEdit(), "EDIT_INVALID");
  *Add()->mutable_mark() = Frames({0});
  EXPECT_EQ(ReasonOfEdit(), "FRAME_NOT_FOUND");
  Add()->mutable_frame_comments()->add_comments("of no frame");
  EXPECT_EQ(ReasonOfEdit(), "FRAME_NOT_FOUND");
  for (const std::string& comment :
       {std::string(), std::string("a\0b", 3), std::string(65'536, 'x')}) {
    Add()->mutable_section_comments()->add_comments(comment);
    EXPECT_EQ(ReasonOfEdit(), "EDIT_INVALID");
  }
  Add()->mutable_time_shift();
  EXPECT_EQ(ReasonOfEdit(), "EDIT_INVALID");
  Add()->mutable_time_shift()->mutable_offset()->set_nanos(1'000'000'000);
  EXPECT_EQ(ReasonOfEdit(), "EDIT_INVALID");
  request_.set_name("sessions/x");
  EXPECT_EQ(ReasonOfEdit(), "SESSION_NOT_FOUND");
}

TEST_F(SessionEditTest, EditsAreLimited) {
  for (int i = 0; i < 10'001; ++i) *Add()->mutable_mark() = Frames({1});
  EXPECT_EQ(ReasonOfEdit(), "TOO_MANY_EDITS");
  v1::SectionComments* comments = Add()->mutable_section_comments();
  for (int i = 0; i < 50; ++i) {
    comments->add_comments(std::string(65'535, 'x'));
  }
  EXPECT_EQ(ReasonOfEdit(), "TOO_MANY_EDITS");
}

TEST_F(SessionEditTest, ReloadsKeepEdits) {
  *Add()->mutable_mark() = Frames({3});
  *Add()->mutable_ignore() = Frames({4});
  ASSERT_TRUE(Edit().ok());
  v1::ReloadSessionRequest reload;
  reload.set_name(session_);
  reload.mutable_options()->mutable_name_resolution();
  ASSERT_TRUE(client_.Reload(reload).status.ok());
  EXPECT_THAT(Numbers("frame.marked == 1"), ElementsAre(3));
  EXPECT_THAT(Numbers("frame.ignored == 1"), ElementsAre(4));
}

// A frame that is ignored doesn't pass a read filter that looks for UDP, but
// frames have the numbers that they had when they were edited.
TEST_F(SessionEditTest, EditsDoNotChangeWhatPassesTheReadFilter) {
  v1::ReloadSessionRequest reload;
  reload.set_name(session_);
  reload.mutable_options()->set_read_filter("udp.dstport == 2001");
  const auto expect_edited = [&] {
    EXPECT_EQ(client_.Get(session_).frames(), kFrames / 2);
    EXPECT_THAT(Numbers("frame.ignored == 1"), ElementsAre(2));
    EXPECT_EQ(List("frame.ignored == 1", {"%L"}).front().columns(0), "103");
    EXPECT_THAT(Numbers("udp.dstport == 2001"), ElementsAre(1, 3, 4, 5));
    v1::FrameSelection selection;
    selection.set_without_ignored(true);
    EXPECT_EQ(Exported(selection), kFrames / 2 - 1);
  };
  ASSERT_TRUE(client_.Reload(reload).status.ok());
  *Add()->mutable_ignore() = Frames({2});
  ASSERT_TRUE(Edit().ok());
  expect_edited();
  // Also if the filter comes after the edit.
  session_ = client_.Open("small.pcap").name();
  request_.set_name(session_);
  *Add()->mutable_ignore() = Frames({2});
  ASSERT_TRUE(Edit().ok());
  reload.set_name(session_);
  ASSERT_TRUE(client_.Reload(reload).status.ok());
  expect_edited();
}

TEST_F(SessionEditTest, ManyEditorsTakeTurns) {
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<v1::EditSessionResponse> responses(kFrames);
  std::vector<grpc::Status> statuses(kFrames);
  grpc::CompletionQueue queue;
  std::vector<
      std::unique_ptr<grpc::ClientAsyncResponseReader<v1::EditSessionResponse>>>
      calls;
  for (uint32_t i = 0; i < kFrames; ++i) {
    request_.clear_edits();
    *Add()->mutable_ignore() = Frames({i + 1});
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    calls.push_back(client_.stub()->AsyncEditSession(contexts.back().get(),
                                                     request_, &queue));
    calls.back()->Finish(&responses[i], &statuses[i], nullptr);
  }
  for (uint32_t i = 0; i < kFrames; ++i) {
    void* tag = nullptr;
    bool ok = false;
    ASSERT_TRUE(queue.Next(&tag, &ok));
  }
  for (const grpc::Status& status : statuses) EXPECT_TRUE(status.ok());
  EXPECT_THAT(Numbers("frame.ignored == 1"), SizeIs(kFrames));
  WaitFor("the end of the processes before",
          [&] { return daemon_.WorkerPids().size() == 1; });
}

TEST_F(SessionEditTest, ExportsOfSessionsHaveNoOptions) {
  v1::ExportPacketsRequest request;
  request.set_session(session_);
  request.mutable_options()->set_two_pass(true);
  const auto stub = v1::ExportService::NewStub(channel_);
  v1::ExportPacketsResponse response;
  {
    grpc::ClientContext context;
    const auto reader = stub->ExportPackets(&context, request);
    EXPECT_FALSE(reader->Read(&response));
    EXPECT_EQ(FailureOf(reader->Finish()).reason(), "OPTIONS_UNEXPECTED");
  }
  request.clear_options();
  request.set_session("sessions/x");
  grpc::ClientContext context;
  const auto reader = stub->ExportPackets(&context, request);
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(FailureOf(reader->Finish()).reason(), "SESSION_NOT_FOUND");
}

}  // namespace
}  // namespace dissectd
