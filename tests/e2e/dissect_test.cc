// SPDX-License-Identifier: GPL-2.0-or-later

// Tests DissectionService.Dissect: sources, errors, and concurrent calls.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "tests/e2e/capture_faults.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

using ::testing::HasSubstr;

constexpr size_t kInlineLimit = 1 << 20;

std::string TwoFrames() {
  return CaptureBuilder()
      .Add(UdpFrame(1000, 2000, "one"))
      .Add(UdpFrame(2000, 1000, "two"))
      .bytes();
}

class DissectTest : public ::testing::Test {
 protected:
  DissectTest() : channel_(daemon_.Connect()) {
    daemon_.store().Write("two.pcap", TwoFrames());
    daemon_.store().Write("folder/two.pcap", TwoFrames());
  }

  DaemonProcess daemon_;
  const std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(DissectTest, StreamsAFileOfTheStore) {
  for (const char* file : {"two.pcap", "folder/two.pcap"}) {
    const DissectionResult result = Dissect(channel_, RequestFor(file));
    EXPECT_TRUE(result.status.ok()) << result.status.error_message();
    ASSERT_GE(result.messages.size(), 3u);  // Progress may be among them.
    EXPECT_TRUE(result.messages[0].has_header());
    EXPECT_EQ(result.Frames().size(), 2u);
    EXPECT_EQ(result.Last().end().frames_read(), 2u);
  }
}

TEST_F(DissectTest, StreamsAnInlineCapture) {
  v1::DissectRequest request;
  request.set_inline_capture(TwoFrames());
  const DissectionResult result = Dissect(channel_, request);
  EXPECT_TRUE(result.status.ok()) << result.status.error_message();
  EXPECT_EQ(result.Frames().size(), 2u);
}

TEST_F(DissectTest, RefusesAnEmptyInlineCapture) {
  v1::DissectRequest request;
  request.set_inline_capture("");
  const grpc::Status status = Dissect(channel_, request).status;
  EXPECT_EQ(FailureOf(status).reason(), "FILE_EMPTY");
  EXPECT_EQ(status.error_message(), "The inline capture is empty.");
}

TEST_F(DissectTest, RefusesAnInlineCaptureOverTheLimit) {
  v1::DissectRequest request;
  request.set_inline_capture(std::string(kInlineLimit + 1, '\0'));
  const DissectionResult result = Dissect(channel_, request);
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const v1::Failure detail = FailureOf(result.status);
  EXPECT_EQ(detail.reason(), "INLINE_CAPTURE_TOO_LARGE");
  EXPECT_EQ(detail.metadata().at("limit"), std::to_string(kInlineLimit));
  // Bytes of exactly the maximum size fail only because they are not a capture.
  request.set_inline_capture(std::string(kInlineLimit, '\0'));
  EXPECT_EQ(Dissect(channel_, request).status.error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
}

struct BadFile {
  std::string name;
  grpc::StatusCode code;
  const char* reason;
};

TEST_F(DissectTest, TellsFilesThatCannotBeDissectedApart) {
  const std::string& root = daemon_.store().path();
  std::filesystem::create_symlink(root + "/two.pcap", root + "/link.pcap");
  std::filesystem::create_symlink("/etc", root + "/out");
  ASSERT_EQ(mkfifo((root + "/fifo").c_str(), 0600), 0);
  daemon_.store().Write("text", "this is no capture at all");
  daemon_.store().Write("empty", "");
  daemon_.store().Write(".hidden", TwoFrames());
  constexpr auto kInvalid = grpc::StatusCode::INVALID_ARGUMENT;
  constexpr auto kNotFound = grpc::StatusCode::NOT_FOUND;
  constexpr auto kPrecondition = grpc::StatusCode::FAILED_PRECONDITION;
  const BadFile cases[] = {
      {"files/nosuch.pcap", kNotFound, "FILE_NOT_FOUND"},
      {"files/two.pcap/x", kNotFound, "FILE_NOT_FOUND"},
      {"files/link.pcap", kNotFound, "FILE_NOT_FOUND"},
      {"files/out/passwd", kNotFound, "FILE_NOT_FOUND"},
      {"files/folder", kPrecondition, "FILE_IS_DIRECTORY"},
      {"files/fifo", kPrecondition, "FILE_NOT_REGULAR"},
      {"files/text", kPrecondition, "FILE_UNKNOWN_FORMAT"},
      {"files/../two.pcap", kInvalid, "FILE_NAME_INVALID"},
      {"files/folder/../two.pcap", kInvalid, "FILE_NAME_INVALID"},
      {"files//etc/passwd", kInvalid, "FILE_NAME_INVALID"},
      {"files/.hidden", kInvalid, "FILE_NAME_INVALID"},
      {"files/", kInvalid, "FILE_NAME_INVALID"},
      {"/etc/passwd", kInvalid, "FILE_NAME_INVALID"},
      {"two.pcap", kInvalid, "FILE_NAME_INVALID"},
      {std::string("files/two.pcap\0x", 16), kInvalid, "FILE_NAME_INVALID"},
      {"files/" + std::string(300, 'x'), kInvalid, "FILE_NAME_INVALID"},
      {"files/" + std::string(60'000, 'x'), kInvalid, "FILE_NAME_INVALID"},
  };
  for (const BadFile& bad : cases) {
    v1::DissectRequest request;
    request.set_file(bad.name);
    const DissectionResult result = Dissect(channel_, request);
    EXPECT_TRUE(result.messages.empty()) << bad.name;
    EXPECT_EQ(result.status.error_code(), bad.code) << bad.name;
    EXPECT_EQ(FailureOf(result.status).reason(), bad.reason) << bad.name;
    EXPECT_LE(result.status.error_message().size(), 1024u);
    EXPECT_LE(result.status.error_details().size(), 2048u);
  }
}

TEST_F(DissectTest, RefusesARequestWithoutSource) {
  const DissectionResult result = Dissect(channel_, v1::DissectRequest());
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(FailureOf(result.status).reason(), "SOURCE_MISSING");
}

TEST(UnprivilegedDissectTest, RefusesAFileThatMayNotBeRead) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root can start a daemon as another user";
  }
  const UnprivilegedDaemon daemon;
  daemon.store().Write("secret.pcap", TwoFrames());
  std::filesystem::permissions(daemon.store().path() + "/secret.pcap",
                               std::filesystem::perms::owner_read);
  const DissectionResult result =
      Dissect(daemon.channel(), RequestFor("secret.pcap"));
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(FailureOf(result.status).reason(), "FILE_NOT_READABLE");
}

TEST_F(DissectTest, RefusesValuesThatAnEnumDoesNotDefine) {
  // Values that a later version of the API may define.
  constexpr int kLater = 99;
  v1::DissectRequest request = RequestFor("two.pcap");
  request.mutable_view()->set_form(static_cast<v1::Form>(kLater));
  const DissectionResult form = Dissect(channel_, request);
  EXPECT_EQ(form.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(FailureOf(form.status).reason(), "ENUM_VALUE_UNDEFINED");
  EXPECT_THAT(form.status.error_message(), HasSubstr("\"form\""));

  request = RequestFor("two.pcap");
  request.mutable_options()->mutable_timestamp_format()->set_type(
      static_cast<v1::TimestampType>(kLater));
  const DissectionResult nested = Dissect(channel_, request);
  EXPECT_EQ(FailureOf(nested.status).reason(), "ENUM_VALUE_UNDEFINED");
}

TEST_F(DissectTest, SaysWhereAFilterIsWrong) {
  v1::DissectRequest request = RequestFor("two.pcap");
  request.mutable_view()->set_display_filter("udp && ip.adr == 1.2.3.4");
  const DissectionResult result = Dissect(channel_, request);
  EXPECT_EQ(result.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(result.status.error_message(), HasSubstr("ip.adr"));
  const v1::Failure detail = FailureOf(result.status);
  EXPECT_EQ(detail.reason(), "DISPLAY_FILTER_INVALID");
  EXPECT_EQ(detail.span().start(), 7u);
  EXPECT_EQ(detail.span().length(), 6u);
}

TEST_F(DissectTest, SendsTheGoodFramesOfACutFile) {
  daemon_.store().Write("cut.pcap", CaptureBuilder()
                                        .Add(UdpFrame(1, 2, "good"))
                                        .AddCutShort(UdpFrame(1, 2, "x"), 40)
                                        .bytes());
  const DissectionResult result = Dissect(channel_, RequestFor("cut.pcap"));
  EXPECT_TRUE(result.status.ok());
  EXPECT_EQ(result.Frames().size(), 1u);
  EXPECT_EQ(result.Last().end().reason(), v1::END_REASON_READ_ERROR);
  EXPECT_EQ(result.Last().end().read_error().reason(), "FILE_CUT_SHORT");
  EXPECT_THAT(result.Last().end().read_error().message(),
              HasSubstr("cut short in the middle of a packet"));
}

// Preferences, decode-as and the like are global in libwireshark, but must not
// be shared by clients.
TEST_F(DissectTest, CallsSideBySideDoNotShareSettings) {
  constexpr int kCalls = 8;
  std::vector<std::string> columns(kCalls);
  std::vector<std::thread> clients;
  clients.reserve(kCalls);
  for (int i = 0; i < kCalls; ++i) {
    clients.emplace_back([this, i, &columns] {
      v1::DissectRequest request = RequestFor("two.pcap");
      request.mutable_view()->mutable_columns()->set_use_profile_columns(true);
      if (i % 2 == 1) {
        v1::DecodeAs* rule = request.mutable_options()->add_decode_as();
        rule->set_table("udp.port");
        rule->set_selector("2000");
        rule->set_protocol("syslog");
      }
      const DissectionResult result = Dissect(daemon_.Connect(), request);
      EXPECT_TRUE(result.status.ok()) << result.status.error_message();
      for (const v1::DissectResponse& message : result.messages) {
        if (!message.has_batch()) continue;
        const v1::FrameBatch& batch = message.batch();
        columns[i] =
            batch.strings(static_cast<int>(batch.frames(0).column_indexes(4)));
        break;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  for (int i = 0; i < kCalls; ++i) {
    EXPECT_EQ(columns[i], i % 2 == 1 ? "Syslog" : "UDP") << "call " << i;
  }
}

TEST_F(DissectTest, LeavesNothingBehind) {
  Dissect(channel_, RequestFor("two.pcap"));
  daemon_.WaitForNoWorkers();
  const size_t before = daemon_.OpenFileDescriptors();
  for (int i = 0; i < 20; ++i) {
    Dissect(channel_, RequestFor(i % 2 == 0 ? "two.pcap" : "nosuch.pcap"));
  }
  daemon_.WaitForNoWorkers();
  WaitFor("closed descriptors",
          [&] { return daemon_.OpenFileDescriptors() <= before; });
}

}  // namespace
}  // namespace dissectd
