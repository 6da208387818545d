// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/call_counts.h"

#include <gtest/gtest.h>

#include <cstddef>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "dissectd/v1/dissection.pb.h"
#include "server/base/errors.h"

namespace dissectd::server::metrics {
namespace {

class CallCountsTest : public ::testing::Test {
 protected:
  CallInfo Begin(const Method& method) {
    CallInfo call;
    call.method = &method;
    counts_.OnCallBegun(call);
    return call;
  }
  void End(const CallInfo& call, const absl::Status& status) {
    counts_.OnCallEnded({call, status, absl::Milliseconds(20), {}, {}});
  }

  const Method dissect_{"dissectd.v1.DissectionService/Dissect"};
  CallCounts counts_;
};

TEST_F(CallCountsTest, ACallRunsFromItsBeginningToItsEnd) {
  const CallInfo first = Begin(dissect_);
  Begin(dissect_);
  ASSERT_EQ(counts_.methods().size(), 1u);
  const MethodCounts& counts = *counts_.methods().front();
  EXPECT_EQ(counts.name, "dissectd.v1.DissectionService/Dissect");
  EXPECT_EQ(counts.type, "server_stream");
  EXPECT_EQ(counts.running(), 2u);
  End(first, absl::OkStatus());
  EXPECT_EQ(counts.starts.value(), 2u);
  EXPECT_EQ(counts.running(), 1u);
  EXPECT_EQ(counts.ends[static_cast<size_t>(absl::StatusCode::kOk)].value(),
            1u);
  EXPECT_DOUBLE_EQ(counts.durations.total_seconds(), 0.02);
  EXPECT_TRUE(counts_.failures().empty());
}

TEST_F(CallCountsTest, AFailureCountsByItsReason) {
  End(Begin(dissect_), errors::ServerStopping());
  End(Begin(dissect_), errors::ServerStopping());
  EXPECT_EQ(counts_.failures(),
            (std::map<std::string, uint64_t>{{"SERVER_STOPPING", 2}}));
}

// A worker that was taken over can send any text as a reason, and any number as
// a code.
TEST_F(CallCountsTest, WhatAWorkerInventsMakesNoSeries) {
  absl::Status invented(static_cast<absl::StatusCode>(99), "invented");
  End(Begin(dissect_), invented);
  End(Begin(dissect_), absl::CancelledError("The call was cancelled."));
  uint64_t failures = 0;
  for (const auto& [reason, count] : counts_.failures()) {
    EXPECT_TRUE(reason == "other" || reason == "INTERNAL") << reason;
    failures += count;
  }
  EXPECT_EQ(failures, 2u);
  EXPECT_EQ(counts_.methods().front()->running(), 0u);
}

}  // namespace
}  // namespace dissectd::server::metrics
