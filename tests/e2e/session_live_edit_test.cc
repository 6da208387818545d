// SPDX-License-Identifier: GPL-2.0-or-later

// Edits, reloads and exports sessions on captures that run, and compares them
// with sessions of files that have exactly their frames.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>
#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <initializer_list>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "dissectd/v1/export.grpc.pb.h"
#include "tests/e2e/command.h"
#include "tests/e2e/crash_probe.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/session_live_fixture.h"

namespace dissectd {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

v1::SessionEdit Mark(std::initializer_list<uint32_t> numbers) {
  v1::SessionEdit edit;
  *edit.mutable_mark() = Frames(numbers);
  return edit;
}

v1::SessionEdit Ignore(std::initializer_list<uint32_t> numbers,
                       bool undo = false) {
  v1::SessionEdit edit;
  *edit.mutable_ignore() = Frames(numbers, undo);
  return edit;
}

v1::SessionEdit Comment(uint32_t frame) {
  v1::SessionEdit edit;
  edit.mutable_frame_comments()->set_frame_number(frame);
  edit.mutable_frame_comments()->add_comments("look at this");
  return edit;
}

// Returns edits of all kinds, for frames up to 6.
std::vector<v1::SessionEdit> AllKinds() {
  v1::SessionEdit reference;
  *reference.mutable_time_reference() = Frames({4});
  v1::SessionEdit section;
  section.mutable_section_comments()->add_comments("all of it");
  v1::SessionEdit shift;
  shift.mutable_time_shift()->mutable_offset()->set_seconds(-10);
  return {Mark({2}), Ignore({3}), reference, Comment(5), section, shift};
}

struct ExportedFile {
  std::string bytes;
  v1::ExportEnd end;
  grpc::Status status;
};

class SessionLiveEditTest : public SessionLiveFixture {
 protected:
  SessionLiveEditTest()
      : SessionLiveFixture({"--allow-lua", "--max-crashes-per-call=3"}) {}

  grpc::Status Edit(const std::string& session,
                    const std::vector<v1::SessionEdit>& edits) {
    v1::EditSessionRequest request;
    request.set_name(session);
    request.mutable_edits()->Add(edits.begin(), edits.end());
    grpc::ClientContext context;
    v1::EditSessionResponse response;
    return sessions_->stub()->EditSession(&context, request, &response);
  }

  std::vector<v1::SessionEdit> EditsOf(const std::string& session) {
    v1::GetSessionEditsRequest request;
    request.set_name(session);
    grpc::ClientContext context;
    v1::GetSessionEditsResponse response;
    EXPECT_TRUE(
        sessions_->stub()->GetSessionEdits(&context, request, &response).ok());
    return {response.edits().begin(), response.edits().end()};
  }

  ExportedFile Export(const std::string& session,
                      const v1::FrameSelection& selection = {}) {
    v1::ExportPacketsRequest request;
    request.set_session(session);
    *request.mutable_selection() = selection;
    grpc::ClientContext context;
    const auto reader =
        v1::ExportService::NewStub(channel())->ExportPackets(&context, request);
    ExportedFile file;
    v1::ExportPacketsResponse response;
    while (reader->Read(&response)) {
      file.bytes += response.chunk();
      if (response.has_end()) file.end = response.end();
    }
    file.status = reader->Finish();
    return file;
  }

  void ExpectSameExports(const std::string& session,
                         const std::string& expected) {
    std::vector<v1::FrameSelection> selections(4);
    selections[1].set_marked_only(true);
    selections[2].set_without_ignored(true);
    selections[3].set_display_filter(kAnswers);
    for (const v1::FrameSelection& selection : selections) {
      const ExportedFile file = Export(session, selection);
      EXPECT_TRUE(file.status.ok()) << file.status.error_message();
      EXPECT_EQ(file.bytes, Export(expected, selection).bytes)
          << selection.ShortDebugString();
    }
  }

  // Expects that a session shows and exports what one of a copy of its capture
  // does that was opened in the same way, and got the same edits.
  void ExpectAnswersOfCopy(const v1::Capture& capture,
                           const std::string& session,
                           v1::OpenSessionRequest request = {}) {
    request.set_file("files/" + Copy(capture));
    const OpenedSession opened = sessions_->Open(request);
    ASSERT_TRUE(opened.status.ok()) << opened.status.error_message();
    const std::string copy = opened.session().name();
    const std::vector<v1::SessionEdit> edits = EditsOf(session);
    if (!edits.empty()) {
      ASSERT_TRUE(Edit(copy, edits).ok());
    }
    ExpectSameAnswers(session, sessions_->Get(copy));
    ExpectSameExports(session, copy);
    EXPECT_TRUE(sessions_->Close(copy).ok());
  }

  std::vector<uint32_t> Numbers(const std::string& session,
                                const std::string& filter) {
    std::vector<uint32_t> numbers;
    const v1::ListFramesResponse list = ListFrames(session, filter);
    for (const v1::FrameSummary& frame : list.frames()) {
      numbers.push_back(frame.number());
    }
    return numbers;
  }

  // Returns the fields of all frames of a file, as tshark reads them.
  static std::string FieldsOf(const std::string& file) {
    return OutputOf("tshark -r " + file +
                    " -T fields -e frame.number -e frame.time_epoch"
                    " -e frame.interface_id -e frame.interface_name"
                    " -e frame.comment -e dns.id 2>/dev/null");
  }
};

TEST_F(SessionLiveEditTest, ShowsAndExportsWhatAnEditedFileDoes) {
  const v1::Capture capture = client().Create(OfDns());
  const v1::Session session = Open(capture);
  EXPECT_EQ(Export(session.name()).end.frames_written(), 0u);
  const SessionWatch watch(&*sessions_, session.name());
  Exchange(capture, 1, 3);
  watch.WaitForFrames(6);
  ExpectAnswersOfCopy(capture, session.name());
  ASSERT_TRUE(Edit(session.name(), AllKinds()).ok());
  EXPECT_EQ(sessions_->Get(session.name()).edits(), 6u);
  EXPECT_TRUE(sessions_->Get(session.name()).live());
  ExpectAnswersOfCopy(capture, session.name());
  Exchange(capture, 4, 6);
  watch.WaitForFrames(12);
  ExpectAnswersOfCopy(capture, session.name());
  ASSERT_TRUE(
      Edit(session.name(), {Ignore({3}, /*undo=*/true), Comment(12)}).ok());
  ExpectAnswersOfCopy(capture, session.name());
  client().Stop(capture.name());
  watch.WaitForEnd();
  ExpectAnswersOfCopy(capture, session.name());
  ASSERT_TRUE(Edit(session.name(), {Ignore({11}), Mark({12})}).ok());
  EXPECT_THAT(Numbers(session.name(), "frame.ignored == 1"), ElementsAre(11));
  ExpectAnswersOfCopy(capture, session.name());
}

// The watch expects that there are never fewer frames than before.
TEST_F(SessionLiveEditTest, NoFrameIsMissedWhileFramesArrive) {
  const v1::Capture capture = client().Create(OfDns());
  const v1::Session session = Open(capture);
  const SessionWatch watch(&*sessions_, session.name());
  std::atomic<bool> done = false;
  std::thread traffic([&] {
    for (uint16_t number = 1; !done; ++number) {
      dns_->Ask(number);
      dns_->Answer(number);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  });
  for (uint32_t frame = 1; frame <= 5; ++frame) {
    WaitFor("frames", [&] {
      return sessions_->Get(session.name()).frames() >= frame * 20;
    });
    const uint32_t before = sessions_->Get(session.name()).frames();
    EXPECT_TRUE(Edit(session.name(), {Ignore({frame}), Comment(before)}).ok());
    EXPECT_GE(sessions_->Get(session.name()).frames(), before);
  }
  done = true;
  traffic.join();
  client().Stop(capture.name());
  watch.WaitForEnd();
  const v1::Session copy = sessions_->Open(Copy(capture));
  ASSERT_TRUE(Edit(copy.name(), EditsOf(session.name())).ok());
  EXPECT_EQ(sessions_->Get(session.name()).frames(), copy.frames());
  EXPECT_EQ(ListFrames(session.name(), "").DebugString(),
            ListFrames(copy.name(), "").DebugString());
  ExpectSameExports(session.name(), copy.name());
}

TEST_F(SessionLiveEditTest, MarksNeedNoOtherProcesses) {
  const v1::Capture capture = client().Create(OfDns());
  const v1::Session session = Open(capture);
  const SessionWatch watch(&*sessions_, session.name());
  Exchange(capture, 1, 3);
  watch.WaitForFrames(6);
  const std::vector<pid_t> processes = daemon().WorkerPids();
  ASSERT_TRUE(Edit(session.name(), {Mark({1, 6})}).ok());
  EXPECT_THAT(Numbers(session.name(), "frame.marked == 1"), ElementsAre(1, 6));
  EXPECT_EQ(daemon().WorkerPids(), processes);
  EXPECT_EQ(FailureOf(Edit(session.name(), {Mark({7})})).reason(),
            "FRAME_NOT_FOUND");
}

TEST_F(SessionLiveEditTest, SessionIsReadAgainWithOtherOptions) {
  const v1::Capture capture = client().Create(OfDns());
  const v1::Session session = Open(capture);
  const SessionWatch watch(&*sessions_, session.name());
  Exchange(capture, 1, 3);
  watch.WaitForFrames(6);
  v1::ReloadSessionRequest reload;
  reload.set_name(session.name());
  v1::DecodeAs* const decode = reload.mutable_options()->add_decode_as();
  decode->set_table("udp.port");
  decode->set_selector("53");
  decode->set_protocol("rtp");
  const ReloadedSession reloaded = sessions_->Reload(reload);
  ASSERT_TRUE(reloaded.status.ok()) << reloaded.status.error_message();
  EXPECT_TRUE(reloaded.session().live());
  EXPECT_EQ(reloaded.session().frames(), 6u);
  v1::OpenSessionRequest request;
  *request.mutable_options() = reload.options();
  ExpectAnswersOfCopy(capture, session.name(), request);
  client().Stop(capture.name());
  watch.WaitForEnd();
  reload.clear_options();
  reload.mutable_options();
  ASSERT_TRUE(sessions_->Reload(reload).status.ok());
  ExpectAnswersOf(Copy(capture), session.name());
}

TEST_F(SessionLiveEditTest, FramesOfAReadFilterAreEditedAfterTheEnd) {
  const v1::Capture capture = client().Create(OfDns());
  v1::OpenSessionRequest request = RequestFor(capture);
  request.mutable_options()->set_read_filter(kAnswers);
  const v1::Session session = Open(request);
  const SessionWatch watch(&*sessions_, session.name());
  Exchange(capture, 1, 3);
  watch.WaitForFrames(3);
  EXPECT_EQ(FailureOf(Edit(session.name(), {Ignore({2})})).reason(),
            "SESSION_LIVE");
  EXPECT_THAT(EditsOf(session.name()), IsEmpty());
  ASSERT_TRUE(Edit(session.name(), {Mark({2})}).ok());
  ExpectAnswersOfCopy(capture, session.name(), request);
  client().Stop(capture.name());
  watch.WaitForEnd();
  ASSERT_TRUE(Edit(session.name(), {Ignore({2})}).ok());
  ExpectAnswersOfCopy(capture, session.name(), request);
}

TEST_F(SessionLiveEditTest, FramesOfDeletedFilesAreEditedAndExported) {
  const v1::Capture capture = client().Create(FilesOfDns(/*kept=*/2));
  const v1::Session session = Open(capture);
  const SessionWatch watch(&*sessions_, session.name());
  const std::string all = daemon().store().path() + "/all.pcapng";
  for (uint16_t number = 1; number <= 20; number += 2) {
    Exchange(capture, number, number + 1);
    watch.WaitForFrames(2u * (number + 1));
  }
  EXPECT_GT(client().Get(capture.name()).files_deleted(), 0u);
  ASSERT_TRUE(Edit(session.name(), {Comment(1), Comment(35)}).ok());
  EXPECT_EQ(IdsOf(session.name()), IdsUpTo(20));
  EXPECT_THAT(Numbers(session.name(), "frame.comment"), ElementsAre(1, 35));
  const auto export_all = [&] {
    const ExportedFile file = Export(session.name());
    EXPECT_TRUE(file.status.ok()) << file.status.error_message();
    std::ofstream(all) << file.bytes;
    return file.end.frames_written();
  };
  EXPECT_EQ(export_all(), 40u);
  const v1::Session exported = sessions_->Open("all.pcapng");
  EXPECT_EQ(IdsOf(exported.name()), IdsUpTo(20));
  EXPECT_THAT(Numbers(exported.name(), "frame.comment"), ElementsAre(1, 35));
  EXPECT_THAT(Numbers(exported.name(), "frame.interface_name == lo"),
              SizeIs(40));
  client().Stop(capture.name());
  watch.WaitForEnd();
  EXPECT_TRUE(client().Delete(capture.name(), /*delete_files=*/true).ok());
  EXPECT_EQ(FailureOf(Edit(session.name(), {Ignore({1})})).reason(),
            "SESSION_LIVE");
  ASSERT_TRUE(Edit(session.name(), {Mark({1})}).ok());
  EXPECT_THAT(Numbers(session.name(), "frame.marked == 1"), ElementsAre(1));
  EXPECT_EQ(export_all(), 40u);
}

TEST_F(SessionLiveEditTest, FramesOfADeletedFileAreEdited) {
  const v1::Capture capture = client().Create(OfDns());
  Exchange(capture, 1, 3);
  client().Stop(capture.name());
  const v1::Session session = Open(capture);
  EXPECT_TRUE(client().Delete(capture.name(), /*delete_files=*/true).ok());
  ASSERT_TRUE(Edit(session.name(), {Ignore({2})}).ok());
  EXPECT_THAT(Numbers(session.name(), "frame.ignored == 1"), ElementsAre(2));
  EXPECT_EQ(Export(session.name()).end.frames_written(), 6u);
}

TEST_F(SessionLiveEditTest, ExportIsThatOfTheMergedFiles) {
  const v1::Capture capture = client().Create(FilesOfDns());
  const v1::Session session = Open(capture);
  const SessionWatch watch(&*sessions_, session.name());
  Exchange(capture, 1, 12);
  watch.WaitForFrames(24);
  std::string files;
  for (const v1::CaptureFile& file : client().Files(capture.name())) {
    files += " " + PathOf(file);
  }
  const std::string store = daemon().store().path();
  OutputOf("mergecap -a -w " + store + "/merged.pcapng" + files +
           " 2>/dev/null");
  std::ofstream(store + "/exported.pcapng") << Export(session.name()).bytes;
  EXPECT_EQ(FieldsOf(store + "/exported.pcapng"),
            FieldsOf(store + "/merged.pcapng"));
  v1::FrameSelection answers;
  answers.set_display_filter(kAnswers);
  const v1::Session merged = sessions_->Open("merged.pcapng");
  EXPECT_EQ(Export(session.name(), answers).end.frames_written(),
            Export(merged.name(), answers).end.frames_written());
}

TEST_F(SessionLiveEditTest, ManyFilesAreReadOnlyOnce) {
  v1::CaptureOptions options = OfDns();
  options.mutable_ring()->set_packets(2);
  const v1::Capture capture = client().Create(options);
  const v1::Session session = Open(capture);
  const SessionWatch watch(&*sessions_, session.name());
  Exchange(capture, 1, 70);
  watch.WaitForFrames(140);
  EXPECT_EQ(FailureOf(Edit(session.name(), {Ignore({1})})).reason(),
            "SESSION_LIVE");
  EXPECT_EQ(FailureOf(Export(session.name()).status).reason(), "SESSION_LIVE");
  v1::ReloadSessionRequest reload;
  reload.set_name(session.name());
  EXPECT_EQ(FailureOf(sessions_->Reload(reload).status).reason(),
            "SESSION_LIVE");
  ASSERT_TRUE(Edit(session.name(), {Mark({139})}).ok());
  EXPECT_THAT(Numbers(session.name(), "frame.marked == 1"), ElementsAre(139));
}

// Sends the frames of the crash probe to a capture.
class SessionLiveCrashTest : public SessionLiveEditTest {
 protected:
  void SetUp() override {
    SessionLiveEditTest::SetUp();
    if (IsSkipped()) return;
    v1::CaptureOptions options;
    options.add_interfaces()->set_name("client");
    options.mutable_interfaces(0)->set_from_client(true);
    capture_ = client().Create(options);
    feed_ = client().stub()->FeedCapture(&context_, &response_);
  }

  void TearDown() override {
    if (feed_ == nullptr) return;
    context_.TryCancel();
    feed_->Finish();
  }

  // Sends frames up to this one, of which these crash.
  void Send(uint32_t frames, const std::vector<uint32_t>& crashes) {
    const std::string capture = CrashingCapture(frames, crashes);
    v1::FeedCaptureRequest request;
    if (sent_ == 0) request.set_name(capture_.name());
    request.set_data(capture.substr(sent_));
    sent_ = capture.size();
    ASSERT_TRUE(feed_->Write(request));
    client().WaitForPackets(capture_.name(), frames);
  }

  static v1::DissectionOptions Probe(const std::string& when) {
    v1::DissectionOptions options;
    v1::LuaScript* const script = options.add_lua_scripts();
    script->set_name("probe.lua");
    script->set_content(kCrashProbe);
    script->add_arguments(when);
    return options;
  }

  v1::OpenSessionRequest Request(const std::string& when) const {
    v1::OpenSessionRequest request = RequestFor(capture_);
    *request.mutable_options() = Probe(when);
    return request;
  }

  v1::Capture capture_;
  grpc::ClientContext context_;
  v1::FeedCaptureResponse response_;
  std::unique_ptr<grpc::ClientWriter<v1::FeedCaptureRequest>> feed_;
  size_t sent_ = 0;
};

TEST_F(SessionLiveCrashTest, FramesThatCrashAreLeftOut) {
  Send(10, {4});
  const v1::OpenSessionRequest request = Request("first");
  const v1::Session session = Open(request);
  const SessionWatch watch(&*sessions_, session.name());
  watch.WaitForFrames(10);
  WaitFor("the process that reads in the place of another", [&] {
    return sessions_->Get(session.name()).state() == v1::SESSION_STATE_READY;
  });
  EXPECT_EQ(GetFrame(session.name(), 4).crash().frame_number(), 4u);
  EXPECT_TRUE(ListFrames(session.name(), "").frames(3).crashed());
  Send(20, {4, 15, 20});
  watch.WaitForFrames(20);
  WaitFor("the last process", [&] {
    return sessions_->Get(session.name()).state() == v1::SESSION_STATE_READY;
  });
  v1::OpenSessionRequest of_file;
  *of_file.mutable_options() = request.options();
  of_file.set_file("files/" + Copy(capture_));
  ExpectSameAnswers(session.name(), Open(of_file));
  // The limit of crashes is reached.
  Send(30, {4, 15, 20, 25});
  WaitFor("the failure of the session", [&] {
    return sessions_->Get(session.name()).state() == v1::SESSION_STATE_FAILED;
  });
  const v1::Failure failure = sessions_->Get(session.name()).failure();
  EXPECT_EQ(failure.reason(), "WORKER_CRASHED");
  EXPECT_EQ(failure.metadata().at("frame"), "25");
}

TEST_F(SessionLiveCrashTest, AnalysesPassOverCrashesOfTheSecondPass) {
  Send(10, {4});
  const v1::Session session = Open(Request("second"));
  const SessionWatch watch(&*sessions_, session.name());
  watch.WaitForFrames(10);
  EXPECT_THAT(Report(session.name()), SizeIs(3));
  EXPECT_EQ(GetFrame(session.name(), 4).crash().frame_number(), 4u);
}

}  // namespace
}  // namespace dissectd
