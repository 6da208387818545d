// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dumpcap/sync_pipe.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace dissectd::server {
namespace {

using Kind = SyncMessage::Kind;

std::string Message(char letter, const std::string& body) {
  const size_t size = body.size();
  return std::string({letter, static_cast<char>(size >> 16),
                      static_cast<char>(size >> 8), static_cast<char>(size)}) +
         body;
}

// Returns a message with the NUL that dumpcap sends.
std::string Text(char letter, const std::string& text) {
  return Message(letter, text + std::string(1, '\0'));
}

std::string Error(const std::string& primary, const std::string& secondary) {
  return Message('E', Text('E', primary) + Text('E', secondary));
}

// Returns the messages of a capture of two packets, as dumpcap 4.0 sends them.
std::string WholeCapture() {
  return Text('F', "/captures/a.pcapng") + Text('P', "2") +
         Text('D', "1:eth0:1");
}

void ExpectWholeCapture(const std::vector<SyncMessage>& messages) {
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_EQ(messages[0].kind, Kind::kFile);
  EXPECT_EQ(messages[0].text, "/captures/a.pcapng");
  EXPECT_EQ(messages[1].kind, Kind::kPacketCount);
  EXPECT_EQ(messages[1].number, 2u);
  EXPECT_EQ(messages[2].kind, Kind::kDrops);
  EXPECT_EQ(messages[2].number, 1u);
  EXPECT_EQ(messages[2].text, "eth0:1");
}

TEST(SyncPipeTest, ReadsMessagesInOnePiece) {
  SyncPipeParser parser;
  const auto messages = parser.Take(WholeCapture());
  ASSERT_TRUE(messages.ok()) << messages.status();
  ExpectWholeCapture(*messages);
  EXPECT_FALSE(parser.in_message());
}

TEST(SyncPipeTest, ReadsMessagesByteByByte) {
  SyncPipeParser parser;
  std::vector<SyncMessage> all;
  for (const char byte : WholeCapture()) {
    const auto messages = parser.Take({&byte, 1});
    ASSERT_TRUE(messages.ok()) << messages.status();
    all.insert(all.end(), messages->begin(), messages->end());
  }
  ExpectWholeCapture(all);
}

TEST(SyncPipeTest, ReadsBothPartsOfAnError) {
  SyncPipeParser parser;
  const auto messages =
      parser.Take(Error("first", "") + Error("second", "more") +
                  Text('B', "1:syntax error: x") + Message('S', ""));
  ASSERT_TRUE(messages.ok()) << messages.status();
  ASSERT_EQ(messages->size(), 4u);
  EXPECT_EQ((*messages)[0].text, "first");
  EXPECT_EQ((*messages)[0].secondary, "");
  EXPECT_EQ((*messages)[1].text, "second");
  EXPECT_EQ((*messages)[1].secondary, "more");
  EXPECT_EQ((*messages)[2].number, 1u);
  EXPECT_EQ((*messages)[2].text, "syntax error: x");
  EXPECT_EQ((*messages)[3].kind, Kind::kSuccess);
}

TEST(SyncPipeTest, KnowsWhenAMessageIsCutShort) {
  SyncPipeParser parser;
  const auto messages = parser.Take(Text('P', "12").substr(0, 5));
  ASSERT_TRUE(messages.ok());
  EXPECT_TRUE(messages->empty());
  EXPECT_TRUE(parser.in_message());
}

TEST(SyncPipeTest, RefusesWhatIsNoMessage) {
  const std::string too_long = {'P', '\x7f', '\xff', '\xff'};
  for (const std::string& bytes :
       {std::string("nl80211 not found.\n"), too_long,
        Text('F', "a") + "garbage", Text('P', "many"), Text('P', "-1"),
        Text('D', "5"), Text('D', ":lo"), Text('B', "syntax error"),
        Message('E', ""), Message('E', Text('E', "only one part")),
        Message('E', std::string("E\x00\x00\xff", 4))}) {
    SyncPipeParser parser;
    EXPECT_EQ(parser.Take(bytes).status().code(), absl::StatusCode::kDataLoss)
        << bytes;
    // Parsing stays disabled.
    EXPECT_FALSE(parser.Take(Text('P', "1")).ok()) << bytes;
  }
}

TEST(SyncPipeTest, KeepsALittleOfWhatIsNoMessage) {
  SyncPipeParser parser;
  EXPECT_FALSE(parser.Take("usage: dumpcap\n").ok());
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(parser.Take(std::string(1'000, 'x')).ok());
  }
  EXPECT_EQ(parser.stray_text().size(), 8192u);
  EXPECT_EQ(parser.stray_text().substr(0, 15), "usage: dumpcap\n");
}

}  // namespace
}  // namespace dissectd::server
