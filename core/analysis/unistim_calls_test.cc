// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the states of calls. What is expected is what sharkd 4.4, which has
// Wireshark's list of calls, says about captures with these events.

#include "core/analysis/unistim_calls.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace dissectd::engine {
namespace {

using Kind = UnistimEvent::Kind;

constexpr char kPhone[] = "192.0.2.1";
constexpr char kSwitch[] = "192.0.2.2";

// Returns the event of a word: `off`, `open`, `close`, or a key.
UnistimEvent EventOf(absl::string_view word) {
  UnistimEvent event;
  event.terminal = 0x11;
  event.has_terminal = true;
  event.packet.source = kPhone;
  event.packet.destination = kSwitch;
  if (word == "off") {
    event.kind = Kind::kHandsetLifted;
  } else if (word == "open" || word == "close") {
    event.kind = word == "open" ? Kind::kStreamOpened : Kind::kStreamClosed;
    std::swap(event.packet.source, event.packet.destination);
  } else {
    event.key = static_cast<uint32_t>(word.front() - '0');
  }
  return event;
}

std::string TextOf(const VoipCallList& list) {
  std::vector<std::string> texts;
  for (const VoipCall& call : list.calls()) {
    texts.push_back(absl::StrCat(call.from, ">", call.to, " ", call.packets,
                                 " ", call.first.time, "-", call.last.time, " ",
                                 CallStateText(call.state)));
  }
  return absl::StrJoin(texts, "; ");
}

std::string CallsOf(absl::string_view events) {
  VoipCallList list;
  UnistimCalls calls(&list);
  int64_t time = 0;
  for (const absl::string_view word : absl::StrSplit(events, ' ')) {
    UnistimEvent event = EventOf(word);
    event.packet.time = time++;
    calls.Add(event);
  }
  return TextOf(list);
}

TEST(UnistimCallsTest, KeysAndHandsetsBeginCalls) {
  EXPECT_EQ(CallsOf("5"), "11>UNKNOWN 1 0-0 CALL SETUP");
  EXPECT_EQ(CallsOf("off 5"), "11>UNKNOWN 2 0-1 CALL SETUP");
  EXPECT_EQ(CallsOf("close"), "");
}

TEST(UnistimCallsTest, StreamsStartCalls) {
  EXPECT_EQ(CallsOf("5 open 6"), "11>?? 5 3 1-2 IN CALL");
  EXPECT_EQ(CallsOf("off 5 6 open open"), "11>?? 56 5 4-4 IN CALL");
  EXPECT_EQ(CallsOf("off open close"), "11>UNKNOWN 2 1-2 COMPLETED");
  EXPECT_EQ(CallsOf("5 close"), "11>UNKNOWN 1 0-1 UNKNOWN");
  EXPECT_EQ(CallsOf("5 open close 6"),
            "11>?? 5 2 1-2 COMPLETED; 11>UNKNOWN 1 3-3 CALL SETUP");
  EXPECT_EQ(CallsOf("open close 5"),
            "UNKNOWN>UNKNOWN 1 0-0 IN CALL; 11>UNKNOWN 1 2-2 CALL SETUP");
}

TEST(UnistimCallsTest, DialPadsHaveStarsAndHashes) {
  // The keys 10, 11 and 12, of which the last one is no digit.
  EXPECT_EQ(CallsOf("5 : ; < open"), "11>?? 5*# 5 4-4 IN CALL");
}

TEST(UnistimCallsTest, HostsTellCallsWithoutTerminalsApart) {
  VoipCallList list;
  UnistimCalls calls(&list);
  UnistimEvent key = EventOf("5");
  key.has_terminal = false;
  key.terminal = 0;
  calls.Add(key);
  UnistimEvent open = EventOf("open");
  open.has_terminal = false;
  open.terminal = 0;
  calls.Add(open);
  open.packet.destination = "192.0.2.3";
  calls.Add(open);
  EXPECT_EQ(TextOf(list),
            "0>?? 5 2 0-0 IN CALL; UNKNOWN>UNKNOWN 1 0-0 IN CALL");
}

}  // namespace
}  // namespace dissectd::engine
