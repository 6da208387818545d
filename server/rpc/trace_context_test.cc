// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/trace_context.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace dissectd::server {
namespace {

constexpr char kTraceId[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kSpanId[] = "00f067aa0ba902b7";

TEST(TraceContextTest, ReadsTheStandardsExample) {
  const std::optional<TraceParent> trace = ParseTraceParent(
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(trace->trace_id, kTraceId);
  EXPECT_EQ(trace->span_id, kSpanId);
  EXPECT_TRUE(trace->sampled);
}

TEST(TraceContextTest, ALaterVersionMayHaveMoreFields) {
  const std::optional<TraceParent> trace = ParseTraceParent(
      "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-ever");
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(trace->trace_id, kTraceId);
}

TEST(TraceContextTest, RefusesWhatTheStandardCallsInvalid) {
  for (const char* header : {
           "",
           "00",
           // Version ff, and version 00 with an additional field.
           "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
           // Ids of zeros only.
           "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
           // Upper case, wrong lengths, other characters.
           "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
           "00-4bf92f3577b34da6a3ce929d0e0e473\n-00f067aa0ba902b7-01",
           "0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
       }) {
    EXPECT_FALSE(ParseTraceParent(header).has_value()) << header;
  }
}

TEST(TraceContextTest, RefusesWhatIsTooLong) {
  const std::string header =
      "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-";
  EXPECT_TRUE(ParseTraceParent(header + "x").has_value());
  EXPECT_FALSE(ParseTraceParent(header + std::string(600, 'x')).has_value());
}

TEST(TraceContextTest, ASpanContinuesTheClientsTrace) {
  const TraceContext span = NewSpan(TraceParent{kTraceId, kSpanId, true});
  EXPECT_EQ(span.trace_id, kTraceId);
  EXPECT_EQ(span.parent_span_id, kSpanId);
  EXPECT_NE(span.span_id, kSpanId);
  const std::optional<TraceParent> told = ParseTraceParent(TraceParentOf(span));
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->trace_id, kTraceId);
  EXPECT_EQ(told->span_id, span.span_id);
  EXPECT_TRUE(told->sampled);
}

TEST(TraceContextTest, ASpanWithoutAParentBeginsATraceThatNobodyRecords) {
  const TraceContext span = NewSpan(std::nullopt);
  EXPECT_EQ(span.parent_span_id, "");
  const std::optional<TraceParent> told = ParseTraceParent(TraceParentOf(span));
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->trace_id, span.trace_id);
  EXPECT_FALSE(told->sampled);
  EXPECT_NE(NewSpan(std::nullopt).trace_id, span.trace_id);
}

TEST(TraceContextTest, FlagsThatTheStandardReservesAreNotPassedOn) {
  const std::string ids = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-";
  const auto told_flags = [&ids](const std::string& flags) {
    const std::string told =
        TraceParentOf(NewSpan(ParseTraceParent("00-" + ids + flags)));
    return told.substr(told.size() - 2);
  };
  EXPECT_EQ(told_flags("ff"), "01");
  EXPECT_EQ(told_flags("fe"), "00");
}

}  // namespace
}  // namespace dissectd::server
