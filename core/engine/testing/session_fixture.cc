// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/engine/testing/session_fixture.h"

#include <google/protobuf/text_format.h>

#include <fstream>
#include <iterator>

#include "core/ipc/struct_bytes.h"

namespace dissectd {

std::string ReadCaptureFile(const std::string& name) {
  std::ifstream file("tests/captures/" + name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Everything that a view can have.
v1::View FullView() {
  v1::View view;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "tree: TREE_DETAIL_FULL labels: true bytes: BYTE_DETAIL_ALL_SOURCES "
      "form: FORM_PLAIN columns { use_profile_columns: true }",
      &view));
  return view;
}

std::string FrameRequest(uint32_t frame, const v1::View& view,
                         const std::string& bitmap) {
  v1::GetFrameRequest request;
  request.set_frame_number(frame);
  *request.mutable_view() = view;
  return Selected(bitmap, {}, request);
}

std::map<uint32_t, std::string> SessionWorkerTest::Dissect(
    const std::string& capture, const std::string& name, const v1::View& view,
    const std::string& key_log) {
  v1::DissectRequest request;
  *request.mutable_view() = view;
  request.mutable_options()->set_two_pass(true);
  request.mutable_options()->set_tls_key_log(key_log);
  std::map<uint32_t, std::string> frames;
  for (const auto& message :
       reference().Dissect(capture, request, name).messages) {
    for (const v1::PlainFrame& frame : message.plain_batch().frames()) {
      frames[frame.number()] = frame.SerializeAsString();
    }
  }
  return frames;
}

EngineDriver& SessionWorkerTest::reference() {
  if (!reference_.has_value()) reference_.emplace();
  return *reference_;
}

std::string SessionQuestionTest::BitmapOf(const std::string& filter) {
  v1::ListFramesRequest request;
  request.set_display_filter(filter);
  const SessionAnswer answer =
      AskReader(ipc::Query::kFilterFrames, request.SerializeAsString());
  EXPECT_TRUE(answer.ok());
  return answer.messages.empty() ? "" : answer.messages[0];
}

uint32_t SessionQuestionTest::Find(const v1::FindFrameRequest& request,
                                   uint32_t first_frame, uint32_t last_frame) {
  const std::string& within = request.within_display_filter();
  const ipc::SearchedFrames searched = {first_frame, last_frame};
  return AskReader(ipc::Query::kFindFrame,
                   Selected(within.empty() ? "" : BitmapOf(within), {},
                            v1::FindFrameRequest()) +
                       std::string(ipc::BytesOf(searched)) +
                       request.SerializeAsString())
      .Only<v1::FindFrameResponse>()
      .frame_number();
}

}  // namespace dissectd
