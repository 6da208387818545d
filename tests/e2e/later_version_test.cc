// SPDX-License-Identifier: GPL-2.0-or-later

// Asks for what only Wireshark 4.4 can do. An engine with 4.0 refuses it, and
// says so; one with 4.4 does it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dissectd/v1/dissection.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/file_contents.h"
#include "tests/e2e/session_client.h"
#include "tests/e2e/wireshark_release.h"

namespace dissectd {
namespace {

using ::testing::Contains;
using ::testing::MatchesRegex;

// The file has a TLS handshake with www.example.org.
constexpr char kCapture[] = "http1-tls.pcap";

class LaterVersionTest : public ::testing::Test {
 protected:
  LaterVersionTest() : is_old_(WiresharkRelease(channel_) == "4.0") {
    daemon_.store().Write(
        kCapture, ContentsOf(absl::StrCat("tests/captures/", kCapture)));
  }

  // Dissects with options. `what` is the name of what 4.0 can't do; if the
  // engine has 4.0, checks that it says so, and returns no frames.
  std::vector<v1::PlainFrame> FramesWith(const v1::DissectionOptions& options,
                                         const std::string& what) {
    v1::DissectRequest request = RequestFor(kCapture);
    *request.mutable_options() = options;
    request.mutable_view()->mutable_columns()->set_use_profile_columns(true);
    const DissectionResult result = Dissect(channel_, request);
    ExpectDoneOrRefused(result.status, what);
    EXPECT_EQ(result.Frames().empty(), is_old_);
    return result.Frames();
  }

  void ExpectDoneOrRefused(const grpc::Status& status,
                           const std::string& what) const {
    if (!is_old_) {
      EXPECT_TRUE(status.ok()) << status.error_message();
      return;
    }
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
    EXPECT_EQ(status.error_message(),
              absl::StrCat("Wireshark 4.0 doesn't have ", what,
                           "; choose another engine."));
    EXPECT_EQ(FailureOf(status).reason(), "ENGINE_TOO_OLD");
  }

  // Both versions do what the options ask for.
  void ExpectDone(const v1::DissectionOptions& options) {
    v1::DissectRequest request = RequestFor(kCapture);
    *request.mutable_options() = options;
    const DissectionResult result = Dissect(channel_, request);
    EXPECT_TRUE(result.status.ok()) << result.status.error_message();
  }

  const DaemonProcess daemon_;
  const std::shared_ptr<grpc::Channel> channel_ = daemon_.Connect();
  const bool is_old_;
};

v1::DissectionOptions TimesWith(v1::TimestampPrecision precision) {
  v1::DissectionOptions options;
  options.mutable_timestamp_format()->set_precision(precision);
  return options;
}

constexpr char kMoreDecimals[] = "times with 4, 5, 7 or 8 decimals";

TEST_F(LaterVersionTest, TimesWithOtherNumbersOfDecimals) {
  struct Case {
    v1::TimestampPrecision precision;
    int decimals;
  };
  const Case cases[] = {
      {v1::TIMESTAMP_PRECISION_DECIMALS_4, 4},
      {v1::TIMESTAMP_PRECISION_DECIMALS_5, 5},
      {v1::TIMESTAMP_PRECISION_DECIMALS_7, 7},
      {v1::TIMESTAMP_PRECISION_DECIMALS_8, 8},
  };
  for (const auto& [precision, decimals] : cases) {
    for (const v1::PlainFrame& frame :
         FramesWith(TimesWith(precision), kMoreDecimals)) {
      ASSERT_THAT(frame.columns(1),
                  MatchesRegex(absl::StrCat("0[.][0-9]{", decimals, "}")));
    }
  }
  ExpectDone(TimesWith(v1::TIMESTAMP_PRECISION_NANOSECOND));
}

TEST_F(LaterVersionTest, NamesFromHandshakes) {
  v1::DissectionOptions options;
  v1::NameResolution* const names = options.mutable_name_resolution();
  names->set_network(true);
  names->set_handshake_sni(true);
  const std::vector<v1::PlainFrame> frames =
      FramesWith(options, "names from TLS handshakes");
  // A name serves from the frame on that has it, as there is one pass.
  if (!is_old_) {
    EXPECT_THAT(frames.back().columns(), Contains("www.example.org"));
  }
  names->set_handshake_sni(false);
  ExpectDone(options);
}

TEST_F(LaterVersionTest, LeavingOutPlaces) {
  v1::DissectionOptions options;
  options.mutable_name_resolution()->set_geoip(false);
  FramesWith(options, "a switch for the databases of GeoIP");
  options.mutable_name_resolution()->set_geoip(true);
  ExpectDone(options);
}

TEST_F(LaterVersionTest, SessionsToo) {
  SessionClient client(channel_);
  v1::OpenSessionRequest request;
  request.set_file(absl::StrCat("files/", kCapture));
  *request.mutable_options() = TimesWith(v1::TIMESTAMP_PRECISION_DECIMALS_4);
  ExpectDoneOrRefused(client.Open(request).status, kMoreDecimals);
}

}  // namespace
}  // namespace dissectd
