// SPDX-License-Identifier: GPL-2.0-or-later

// Asks the real sharkd about time references, comments and the audio of frames,
// and dissectd for the same: docs/sharkd.md says what corresponds.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/sharkd_fixture.h"

namespace dissectd {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

using Columns = std::vector<std::string>;

class SharkdFrameTest : public SharkdTest {
 protected:
  void Edit(const v1::SessionEdit& edit) {
    v1::EditSessionRequest request;
    request.set_name(session_.name());
    *request.add_edits() = edit;
    grpc::ClientContext context;
    v1::EditSessionResponse response;
    const grpc::Status status =
        client_.stub()->EditSession(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }

  v1::ListFramesResponse ListFrames() {
    v1::ListFramesRequest request;
    request.set_session(session_.name());
    request.set_limit(1000);
    request.mutable_columns()->set_use_profile_columns(true);
    v1::ListFramesResponse page;
    const grpc::Status status = client_.ListFrames(request, &page);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return page;
  }

  v1::PlainFrame GetFrame(uint32_t number) {
    v1::GetFrameResponse response;
    const grpc::Status status =
        client_.GetFrame(WholeFrame(session_.name(), number), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.plain_batch().frames(0);
  }
};

template <typename Frame>
Columns ColumnsOf(const Frame& frame) {
  return {frame.columns().begin(), frame.columns().end()};
}

TEST_F(SharkdFrameTest, FramesHaveTimeReferences) {
  Open("dns.pcap");
  const json theirs = sharkd_.Ask("frames", {{"refs", "3,6"}});
  v1::SessionEdit edit;
  edit.mutable_time_reference()->add_frame_numbers(3);
  edit.mutable_time_reference()->add_frame_numbers(6);
  Edit(edit);
  const v1::ListFramesResponse page = ListFrames();
  ASSERT_EQ(static_cast<size_t>(page.frames_size()), theirs.size());
  for (int i = 0; i < page.frames_size(); ++i) {
    const Columns expected = theirs[static_cast<size_t>(i)]["c"].get<Columns>();
    const v1::FrameSummary& frame = page.frames(i);
    EXPECT_EQ(ColumnsOf(frame), expected);
    EXPECT_EQ(frame.time_reference(), expected[1] == "*REF*");
    EXPECT_EQ(ColumnsOf(GetFrame(frame.number())), expected);
  }
}

TEST_F(SharkdFrameTest, FrameTakesNoNumberOfAnotherOne) {
  Open("dns.pcap");
  for (const char* const parameter : {"ref_frame", "prev_frame"}) {
    EXPECT_THAT(sharkd_.AskInVain("frame", {{"frame", 5}, {parameter, 3}}),
                HasSubstr("must be a boolean"));
  }
}

TEST_F(SharkdFrameTest, SetcommentIsAnEdit) {
  Open("dns.pcap");
  sharkd_.Ask("setcomment", {{"frame", 5}, {"comment", "lost here"}});
  v1::SessionEdit edit;
  edit.mutable_frame_comments()->set_frame_number(5);
  edit.mutable_frame_comments()->add_comments("lost here");
  Edit(edit);
  const json list = sharkd_.Ask("frames");
  const v1::ListFramesResponse page = ListFrames();
  ASSERT_EQ(static_cast<size_t>(page.frames_size()), list.size());
  for (int i = 0; i < page.frames_size(); ++i) {
    EXPECT_EQ(page.frames(i).commented(),
              list[static_cast<size_t>(i)].contains("ct"));
  }
  const v1::PlainFrame frame = GetFrame(5);
  Columns comments;
  for (const v1::PlainNode& node : frame.tree()) {
    if (node.name() == "frame.comment") {
      comments.push_back(node.string_value());
    }
  }
  EXPECT_EQ(comments,
            sharkd_.Ask("frame", {{"frame", 5}})["comment"].get<Columns>());
}

// Returns the file with different bytes in the audio of each packet.
std::string WithSounds(std::string file) {
  constexpr size_t kPayloadBytes = 20;
  const std::string silence(kPayloadBytes, '\xff');
  uint8_t sample = 0;
  for (size_t at = file.find(silence); at != std::string::npos;
       at = file.find(silence, at + kPayloadBytes)) {
    for (size_t i = 0; i < kPayloadBytes; ++i) {
      file[at + i] = static_cast<char>(sample++);
    }
  }
  return file;
}

// Decodes a sample of the mu-law of ITU-T G.711.
int16_t Decoded(char byte) {
  constexpr int kBias = 0x84;
  const int code = ~byte & 0xff;
  const int step = (((code & 0xf) << 3) + kBias) << ((code & 0x70) >> 4);
  return static_cast<int16_t>((code & 0x80) != 0 ? kBias - step : step - kBias);
}

TEST_F(SharkdFrameTest, AudioIsAField) {
  constexpr size_t kWavHeaderBytes = 44;
  Open("telephony.pcap", WithSounds(ContentsOfCapture("telephony.pcap")));
  const json download = sharkd_.Ask(
      "download", {{"token", "rtp:192.0.2.1_6000_192.0.2.2_4002_0x12345678"}});
  std::string theirs;
  ASSERT_TRUE(
      absl::Base64Unescape(download["data"].get<std::string>(), &theirs));
  v1::DissectRequest request;
  request.set_session(session_.name());
  request.mutable_view()->set_display_filter("rtp && udp.dstport == 4002");
  request.mutable_view()->add_fields("rtp.payload");
  std::string ours = theirs.substr(0, kWavHeaderBytes);
  for (const v1::PlainFrame& frame : Dissect(channel_, request).Frames()) {
    ASSERT_EQ(frame.fields_size(), 1);
    for (const char byte : frame.fields(0).bytes_value()) {
      const int16_t sample = Decoded(byte);
      ours += static_cast<char>(sample & 0xff);
      ours += static_cast<char>((sample >> 8) & 0xff);
    }
  }
  EXPECT_GT(ours.size(), kWavHeaderBytes);
  EXPECT_TRUE(ours == theirs);
}

}  // namespace
}  // namespace dissectd
