// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the contexts of H.248. What is expected is what sharkd 4.4, which has
// Wireshark's list of calls, says about captures with these commands, if it
// keeps contexts.

#include "core/analysis/h248_calls.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace dissectd::engine {
namespace {

constexpr uint32_t kChosen = 0xFFFFFFFE;

H248Command Request(uint32_t transaction, uint32_t context,
                    const std::string& termination) {
  H248Command command;
  command.packet.source = "192.0.2.1";
  command.packet.destination = "192.0.2.2";
  command.is_request = true;
  command.transaction = transaction;
  command.context = context;
  command.terminations = {termination};
  return command;
}

H248Command Reply(uint32_t transaction, uint32_t context,
                  const std::string& termination) {
  H248Command command = Request(transaction, context, termination);
  std::swap(command.packet.source, command.packet.destination);
  command.is_request = false;
  return command;
}

std::string CallsOf(const std::vector<H248Command>& commands) {
  VoipCallList list;
  H248Calls calls(&list);
  for (const H248Command& command : commands) calls.Add(command);
  std::vector<std::string> texts;
  for (const VoipCall& call : list.calls()) {
    EXPECT_EQ(call.initial_speaker, "192.0.2.1");
    EXPECT_EQ(call.state, CallState::kNone);
    texts.push_back(absl::StrCat(call.from, " >", call.to, " ", call.packets));
  }
  return absl::StrJoin(texts, "; ");
}

TEST(H248CallsTest, TheGatewayChoosesAContext) {
  EXPECT_EQ(CallsOf({Request(1, kChosen, "A1"), Request(1, kChosen, "RTP/$")}),
            "192.0.2.2 : fffffffe > A1 2");
  EXPECT_EQ(
      CallsOf({Request(1, kChosen, "A1"), Request(1, kChosen, "RTP/$"),
               Reply(1, 5, "A1"), Reply(1, 5, "RTP/7"), Request(2, 5, "A1")}),
      "192.0.2.2 : 00000005 > A1 RTP/7 5");
  EXPECT_EQ(CallsOf({Request(1, kChosen, "A1"), Request(2, kChosen, "A2"),
                     Reply(2, 6, "A2"), Reply(1, 5, "A1")}),
            "192.0.2.2 : 00000005 > A1 2; 192.0.2.2 : 00000006 > A2 2");
}

TEST(H248CallsTest, ContextsAreChosenAgain) {
  EXPECT_EQ(CallsOf({Request(1, kChosen, "A1"), Reply(1, 5, "A1"),
                     Request(2, kChosen, "A2"), Reply(2, 5, "A2"),
                     Request(3, 5, "A2")}),
            "192.0.2.2 : 00000005 > A1 2; 192.0.2.2 : 00000005 > A2 3");
}

TEST(H248CallsTest, AnyCommandBeginsAContext) {
  EXPECT_EQ(CallsOf({Request(1, 5, "A1"), Request(1, 6, "A1")}),
            "192.0.2.2 : 00000005 > 1; 192.0.2.2 : 00000006 > 1");
  EXPECT_EQ(CallsOf({Reply(1, 5, "A1")}), "192.0.2.2 : 00000005 > 1");
  EXPECT_EQ(CallsOf({Request(1, 0, "A1"), Request(1, 0xFFFFFFFF, "A1")}), "");
}

}  // namespace
}  // namespace dissectd::engine
