// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/interface_snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace dissectd::server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr auto kAppeared = v1::INTERFACE_CHANGE_KIND_APPEARED;
constexpr auto kGone = v1::INTERFACE_CHANGE_KIND_GONE;
constexpr auto kUp = v1::INTERFACE_CHANGE_KIND_UP;
constexpr auto kDown = v1::INTERFACE_CHANGE_KIND_DOWN;

std::vector<std::pair<std::string, v1::InterfaceChangeKind>> ChangesOf(
    const InterfaceSnapshot& snapshot) {
  std::vector<std::pair<std::string, v1::InterfaceChangeKind>> changes;
  for (const v1::InterfaceChange& change : snapshot.changes()) {
    changes.emplace_back(change.name(), change.kind());
  }
  return changes;
}

std::vector<std::string> NamesOf(const InterfaceSnapshot& snapshot) {
  std::vector<std::string> names;
  for (const auto& interface : snapshot.interfaces()) {
    names.push_back(interface.name());
  }
  return names;
}

KernelInterface Interface(int index, bool up) {
  KernelInterface interface;
  interface.index = index;
  interface.up = up;
  interface.counters.set_received_packets(100 + index);
  return interface;
}

TEST(CapturedPacketsTest, CountsBeyond32Bits) {
  CapturedPackets captured;
  captured.BeginRun();
  captured.Set("lo", 0xfffffff0u);
  EXPECT_EQ(captured.Get("lo"), 0xfffffff0u);
  captured.Set("lo", 0x10u);
  EXPECT_EQ(captured.Get("lo"), 0x100000010u);
  captured.Set("lo", 0x10u);
  EXPECT_EQ(captured.Get("lo"), 0x100000010u);
  captured.Set("lo", 0xfu);
  EXPECT_EQ(captured.Get("lo"), 0x20000000fu);
}

TEST(CapturedPacketsTest, AddsUpRuns) {
  CapturedPackets captured;
  captured.BeginRun();
  captured.Set("eth0", 1);
  captured.Set("lo", 7);
  captured.BeginRun();
  EXPECT_EQ(captured.Get("lo"), 7u) << "before the second run has counted";
  captured.Set("lo", 5);
  EXPECT_EQ(captured.Get("lo"), 12u);
  EXPECT_EQ(captured.Get("eth0"), std::nullopt) << "not in the second run";
  EXPECT_THAT(captured.Names(), ElementsAre("lo"));
  captured.BeginRun();
  captured.Set("eth0", 2);
  EXPECT_EQ(captured.Get("eth0"), 3u);
}

TEST(InterfaceSnapshotsTest, JoinsWhatTheKernelAndDumpcapKnow) {
  InterfaceSnapshots snapshots;
  snapshots.captured().BeginRun();
  snapshots.captured().Set("lo", 5);
  snapshots.captured().Set("any", 9);
  const InterfaceSnapshot snapshot = snapshots.Next(
      {{"lo", Interface(1, true)}, {"eth0", Interface(2, false)}},
      absl::FromUnixMillis(1500));
  EXPECT_EQ(snapshot.time().seconds(), 1);
  EXPECT_EQ(snapshot.time().nanos(), 500'000'000);
  EXPECT_THAT(snapshot.changes(), IsEmpty());
  ASSERT_THAT(NamesOf(snapshot), ElementsAre("any", "eth0", "lo"));
  const v1::InterfaceCounters& any = snapshot.interfaces(0);
  EXPECT_EQ(any.captured_packets(), 9u);
  EXPECT_FALSE(any.has_kernel());
  EXPECT_FALSE(any.up());
  const v1::InterfaceCounters& eth0 = snapshot.interfaces(1);
  EXPECT_FALSE(eth0.has_captured_packets());
  EXPECT_EQ(eth0.kernel().received_packets(), 102u);
  EXPECT_FALSE(eth0.up());
  const v1::InterfaceCounters& lo = snapshot.interfaces(2);
  EXPECT_EQ(lo.captured_packets(), 5u);
  EXPECT_EQ(lo.kernel().received_packets(), 101u);
  EXPECT_TRUE(lo.up());
}

TEST(InterfaceSnapshotsTest, TellsWhatHasChanged) {
  InterfaceSnapshots snapshots;
  snapshots.Next({{"a", Interface(1, true)},
                  {"b", Interface(2, false)},
                  {"c", Interface(3, true)},
                  {"d", Interface(4, true)},
                  {"e", Interface(5, true)}},
                 absl::UnixEpoch());
  const InterfaceSnapshot changed = snapshots.Next({{"a", Interface(1, false)},
                                                    {"b", Interface(2, true)},
                                                    {"d", Interface(6, true)},
                                                    {"e", Interface(5, true)},
                                                    {"x", Interface(7, false)},
                                                    {"y", Interface(8, true)}},
                                                   absl::UnixEpoch());
  EXPECT_THAT(
      ChangesOf(changed),
      ElementsAre(Pair("a", kDown), Pair("b", kUp), Pair("c", kGone),
                  Pair("d", kGone), Pair("d", kAppeared), Pair("d", kUp),
                  Pair("x", kAppeared), Pair("y", kAppeared), Pair("y", kUp)));
}

TEST(InterfaceSnapshotsTest, WhatOnlyDumpcapKnowsOutlivesItsRuns) {
  InterfaceSnapshots snapshots;
  snapshots.captured().BeginRun();
  snapshots.captured().Set("any", 1);
  snapshots.Next({}, absl::UnixEpoch());
  snapshots.captured().BeginRun();
  const InterfaceSnapshot between = snapshots.Next({}, absl::UnixEpoch());
  EXPECT_THAT(NamesOf(between), ElementsAre("any"));
  EXPECT_THAT(between.changes(), IsEmpty());
  snapshots.captured().Set("any", 1);
  const InterfaceSnapshot after = snapshots.Next({}, absl::UnixEpoch());
  EXPECT_THAT(after.changes(), IsEmpty());
  EXPECT_EQ(after.interfaces(0).captured_packets(), 2u);
}

TEST(InterfaceSnapshotsTest, WhatWasRemovedIsGoneAlthoughDumpcapCountsIt) {
  InterfaceSnapshots snapshots;
  snapshots.captured().BeginRun();
  snapshots.captured().Set("tap0", 3);
  snapshots.Next({{"tap0", Interface(9, true)}}, absl::UnixEpoch());
  snapshots.captured().Set("tap0", 3);
  const InterfaceSnapshot removed = snapshots.Next({}, absl::UnixEpoch());
  EXPECT_THAT(removed.interfaces(), IsEmpty());
  EXPECT_THAT(ChangesOf(removed), ElementsAre(Pair("tap0", kGone)));
}

class PendingSnapshotTest : public ::testing::Test {
 protected:
  using Changes = std::vector<std::pair<const char*, v1::InterfaceChangeKind>>;

  void Offer(int64_t time, const Changes& changes) {
    InterfaceSnapshot snapshot;
    snapshot.mutable_time()->set_seconds(time);
    for (const auto& [name, kind] : changes) {
      v1::InterfaceChange* change = snapshot.add_changes();
      change->set_name(name);
      change->set_kind(kind);
    }
    pending_.Offer(std::make_shared<InterfaceSnapshot>(std::move(snapshot)));
  }

  // Takes the first snapshot, which has no changes.
  void Begin() {
    Offer(0, {});
    pending_.Take();
  }

  PendingSnapshot pending_;
};

TEST_F(PendingSnapshotTest, TheFirstHasNoChanges) {
  EXPECT_TRUE(pending_.empty());
  Offer(1, {{"lo", kUp}});
  EXPECT_FALSE(pending_.empty());
  const InterfaceSnapshot first = pending_.Take();
  EXPECT_TRUE(pending_.empty());
  EXPECT_EQ(first.time().seconds(), 1);
  EXPECT_THAT(first.changes(), IsEmpty());
}

TEST_F(PendingSnapshotTest, SkippedOnesLeaveTheirChanges) {
  Begin();
  Offer(1, {{"lo", kDown}, {"tap0", kAppeared}});
  Offer(2, {{"tap0", kUp}});
  Offer(3, {{"eth0", kGone}});
  const InterfaceSnapshot last = pending_.Take();
  EXPECT_EQ(last.time().seconds(), 3);
  EXPECT_THAT(ChangesOf(last),
              ElementsAre(Pair("eth0", kGone), Pair("lo", kDown),
                          Pair("tap0", kAppeared), Pair("tap0", kUp)));
  Offer(4, {});
  EXPECT_THAT(pending_.Take().changes(), IsEmpty());
}

TEST_F(PendingSnapshotTest, ChangesThatAreSkippedAgainAndAgainStayFew) {
  Begin();
  for (int i = 0; i < 1000; ++i) {
    Offer(i, {{"up", kDown}, {"both", kDown}, {"tap0", kGone}});
    Offer(i, {{"up", kUp}, {"both", kUp}, {"tap0", kAppeared}});
  }
  Offer(1000, {{"both", kDown}});
  EXPECT_THAT(
      ChangesOf(pending_.Take()),
      ElementsAre(Pair("both", kDown), Pair("tap0", kGone),
                  Pair("tap0", kAppeared), Pair("up", kDown), Pair("up", kUp)));
}

TEST_F(PendingSnapshotTest, WhatCameAndWentWhileSkippedIsNotTold) {
  Begin();
  Offer(1, {{"tap0", kAppeared}, {"tap0", kUp}});
  Offer(2, {{"tap0", kDown}});
  Offer(3, {{"tap0", kGone}});
  EXPECT_THAT(pending_.Take().changes(), IsEmpty());
}

}  // namespace
}  // namespace dissectd::server
