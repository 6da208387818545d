// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/error.h"

#include <gtest/gtest.h>

#include "dissectd/v1/common.pb.h"

namespace dissectd {
namespace {

v1::StatusDetails DetailsOf(const absl::Status& status) {
  v1::StatusDetails details;
  EXPECT_TRUE(details.ParseFromString(SerializeStatus(status)));
  return details;
}

v1::Failure FailureOf(const absl::Status& status) {
  v1::Failure failure;
  EXPECT_TRUE(failure.ParseFromString(SerializeFailure(status)));
  return failure;
}

TEST(ErrorTest, SurvivesSerialisation) {
  const absl::Status status = MakeError(
      absl::StatusCode::kInvalidArgument, "\"ip.adr\" is not a field",
      {"DISPLAY_FILTER_INVALID", {{"filter", "ip.adr"}}, TextSpan{3, 6}});
  const v1::StatusDetails details = DetailsOf(status);
  EXPECT_EQ(details.code(), 3);
  EXPECT_EQ(details.message(), "\"ip.adr\" is not a field");
  ASSERT_EQ(details.details_size(), 2);
  EXPECT_EQ(details.details(0).type_url(),
            "type.googleapis.com/google.rpc.ErrorInfo");
  v1::ErrorInfo info;
  ASSERT_TRUE(info.ParseFromString(details.details(0).value()));
  EXPECT_EQ(info.reason(), "DISPLAY_FILTER_INVALID");
  EXPECT_EQ(info.domain(), "dissectd.alt");
  EXPECT_EQ(info.metadata().at("filter"), "ip.adr");
  v1::InvalidText text;
  ASSERT_TRUE(details.details(1).UnpackTo(&text));
  EXPECT_EQ(text.span().start(), 3);
  EXPECT_EQ(text.span().length(), 6);
}

TEST(ErrorTest, IsTheSameInAnAnswer) {
  const v1::Failure failure = FailureOf(MakeError(
      absl::StatusCode::kInvalidArgument, "\"ip.adr\" is not a field",
      {"DISPLAY_FILTER_INVALID", {{"filter", "ip.adr"}}, TextSpan{3, 6}}));
  EXPECT_EQ(failure.reason(), "DISPLAY_FILTER_INVALID");
  EXPECT_EQ(failure.message(), "\"ip.adr\" is not a field");
  EXPECT_EQ(failure.metadata().at("filter"), "ip.adr");
  EXPECT_EQ(failure.span().start(), 3);
  EXPECT_EQ(failure.span().length(), 6);
}

TEST(ErrorTest, SaysWhenToRetry) {
  const v1::StatusDetails details = DetailsOf(
      WithRetryDelay(MakeError(absl::StatusCode::kUnavailable, "x", {"X"}),
                     std::chrono::seconds(2)));
  ASSERT_EQ(details.details_size(), 2);
  EXPECT_EQ(details.details(1).type_url(),
            "type.googleapis.com/google.rpc.RetryInfo");
  v1::RetryInfo retry;
  ASSERT_TRUE(retry.ParseFromString(details.details(1).value()));
  EXPECT_EQ(retry.retry_delay().seconds(), 2);
}

TEST(ErrorTest, BoundsWhatTheCallerCanEcho) {
  const absl::Status status =
      MakeError(absl::StatusCode::kInvalidArgument, std::string(5000, 'x'),
                {"X", {{"filter", std::string(5000, '\xff')}}, {}});
  EXPECT_EQ(status.message().size(), kMaxErrorMessageBytes);
  EXPECT_LE(FailureOf(status).metadata().at("filter").size(), 256u);
  EXPECT_LE(SerializeStatus(status).size(), 2048u);
}

TEST(ErrorTest, GivesBackItsSpan) {
  const absl::Status status =
      MakeError(absl::StatusCode::kInvalidArgument, "x",
                {"X", {{"key", "value"}}, TextSpan{3, 4}});
  ASSERT_TRUE(SpanOf(status).has_value());
  EXPECT_EQ(SpanOf(status)->start, 3u);
  EXPECT_EQ(SpanOf(status)->length, 4u);
  EXPECT_FALSE(SpanOf(absl::OkStatus()).has_value());
}

TEST(ErrorTest, OkStaysOk) {
  v1::StatusDetails details;
  ASSERT_TRUE(details.ParseFromString(SerializeStatus(absl::OkStatus())));
  EXPECT_EQ(details.code(), 0);
  EXPECT_EQ(details.details_size(), 0);
}

}  // namespace
}  // namespace dissectd
