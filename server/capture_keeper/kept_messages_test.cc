// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_keeper/kept_messages.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dissectd::server {
namespace {

using Kind = SyncMessage::Kind;

SyncMessage File(const std::string& name) { return {Kind::kFile, name}; }
SyncMessage Packets(uint64_t number) {
  return {Kind::kPacketCount, "", "", number};
}
SyncMessage Error(const std::string& text) { return {Kind::kError, text}; }

// Returns the records as lines: a letter, the numbers of files and packets, and
// the text of a message.
std::vector<std::string> Read(const KeptMessages& messages,
                              KeptMessages::Cursor* cursor) {
  std::vector<std::string> lines;
  while (const auto record = messages.Next(cursor)) {
    std::string line(1, static_cast<char>(record->kind));
    line += " " + std::to_string(record->numbers[KeeperRecord::kFiles]) + " " +
            std::to_string(record->numbers[KeeperRecord::kPackets]);
    SyncPipeParser parser;
    const auto parsed = parser.Take(record->text);
    for (const SyncMessage& message : *parsed) {
      line += " " + message.text;
    }
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> ReadAll(const KeptMessages& messages) {
  KeptMessages::Cursor cursor;
  return Read(messages, &cursor);
}

using Lines = std::vector<std::string>;

TEST(KeptMessagesTest, CountsBecomeOneNumber) {
  KeptMessages messages;
  messages.Add(File("a"));
  messages.Add(Packets(3));
  messages.Add(Packets(4));
  EXPECT_EQ(ReadAll(messages), (Lines{"M 1 0 a", "C 0 7"}));
  messages.Add(File("b"));
  EXPECT_EQ(ReadAll(messages), (Lines{"M 1 0 a", "M 2 7 b"}));
}

TEST(KeptMessagesTest, AReaderGetsWhatIsNew) {
  KeptMessages messages;
  KeptMessages::Cursor cursor;
  messages.Add(File("a"));
  messages.Add(Packets(3));
  EXPECT_EQ(Read(messages, &cursor), (Lines{"M 1 0 a", "C 0 3"}));
  EXPECT_TRUE(Read(messages, &cursor).empty());
  messages.Add(Packets(1));
  messages.Add(File("b"));
  EXPECT_EQ(Read(messages, &cursor), (Lines{"M 2 4 b"}));
  messages.Forget(2);
  messages.Add(File("c"));
  EXPECT_EQ(Read(messages, &cursor), (Lines{"M 3 4 c"}));
}

TEST(KeptMessagesTest, ForgetsFilesButTheLast) {
  KeptMessages messages;
  for (const char* name : {"a", "b", "c"}) messages.Add(File(name));
  messages.Forget(1);
  EXPECT_EQ(ReadAll(messages), (Lines{"M 2 0 b", "M 3 0 c"}));
  messages.Forget(3);
  EXPECT_EQ(ReadAll(messages), (Lines{"M 3 0 c"}));
  // A journal can't have more files than there are, but could say so.
  messages.Forget(UINT64_MAX - 1);
  EXPECT_EQ(ReadAll(messages), (Lines{"M 3 0 c"}));
}

TEST(KeptMessagesTest, KeepsTheFirstErrorAndTheLatest) {
  KeptMessages messages;
  messages.Add(File("a"));
  const size_t count = KeptMessages::kMaxOthers + 10;
  for (size_t i = 0; i < count; ++i) messages.Add(Error(std::to_string(i)));
  const Lines lines = ReadAll(messages);
  ASSERT_EQ(lines.size(), 1 + KeptMessages::kMaxOthers);
  EXPECT_EQ(lines[0], "M 1 0 a");
  EXPECT_EQ(lines[1], "M 1 0 0");
  EXPECT_EQ(lines[2], "M 1 0 11");
  EXPECT_EQ(lines.back(), "M 1 0 " + std::to_string(count - 1));
}

TEST(KeeperRecordTest, AFileThatIsCutShortIsNoneAtAll) {
  KeeperRecord hello = {KeeperRecord::Kind::kHello, {1, 2, 3, 4}, "notes"};
  KeeperRecord end = {KeeperRecord::Kind::kEnd, {5, 6, 7, 8}, ""};
  const std::string bytes = EncodeRecords({hello, end});
  const auto records = DecodeRecords(bytes);
  ASSERT_TRUE(records.has_value());
  ASSERT_EQ(records->size(), 2u);
  EXPECT_EQ((*records)[0].text, "notes");
  EXPECT_EQ((*records)[0].numbers, hello.numbers);
  EXPECT_EQ((*records)[1].kind, KeeperRecord::Kind::kEnd);
  for (size_t size = 1; size < bytes.size(); ++size) {
    const auto part = DecodeRecords(bytes.substr(0, size));
    EXPECT_FALSE(part.has_value() && part->size() == 2) << size;
  }
}

}  // namespace
}  // namespace dissectd::server
