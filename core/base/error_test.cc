// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/error.h"

#include <gtest/gtest.h>

#include "dissectd/v1/common.pb.h"

namespace dissectd {
namespace {

v1::ErrorDetail DetailOf(const absl::Status& status) {
  v1::StatusDetails details;
  EXPECT_TRUE(details.ParseFromString(SerializeStatus(status)));
  v1::ErrorDetail detail;
  if (details.details_size() == 1) details.details(0).UnpackTo(&detail);
  return detail;
}

TEST(ErrorTest, SurvivesSerialisation) {
  const absl::Status status = MakeError(
      absl::StatusCode::kInvalidArgument, "\"ip.adr\" is not a field",
      {"DISPLAY_FILTER_INVALID", {{"filter", "ip.adr"}}, TextSpan{3, 6}});
  v1::StatusDetails details;
  ASSERT_TRUE(details.ParseFromString(SerializeStatus(status)));
  EXPECT_EQ(details.code(), 3);
  EXPECT_EQ(details.message(), "\"ip.adr\" is not a field");
  const v1::ErrorDetail detail = DetailOf(status);
  EXPECT_EQ(detail.reason(), "DISPLAY_FILTER_INVALID");
  EXPECT_EQ(detail.domain(), "dissectd");
  EXPECT_EQ(detail.metadata().at("filter"), "ip.adr");
  EXPECT_EQ(detail.span().start(), 3);
  EXPECT_EQ(detail.span().length(), 6);
}

TEST(ErrorTest, BoundsWhatTheCallerCanEcho) {
  const absl::Status status =
      MakeError(absl::StatusCode::kInvalidArgument, std::string(5000, 'x'),
                {"X", {{"filter", std::string(5000, '\xff')}}, {}});
  EXPECT_EQ(status.message().size(), kMaxErrorMessageBytes);
  EXPECT_LE(DetailOf(status).metadata().at("filter").size(), 256u);
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
