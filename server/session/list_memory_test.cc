// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/list_memory.h"

#include <gtest/gtest.h>

#include <cstddef>

namespace dissectd::server {
namespace {

class User : public MemoryUser {
 public:
  explicit User(size_t bytes) : bytes_(bytes) {}
  size_t bytes() const override { return bytes_; }
  void Drop() override { bytes_ = 0; }

 private:
  size_t bytes_;
};

TEST(ListMemoryTest, DropsWhatWasUsedFirst) {
  ListMemory memory(100);
  User first(40);
  User second(40);
  User third(40);
  for (User* user : {&first, &second, &third}) memory.NoteUse(user);
  memory.NoteUse(&first);
  memory.MakeRoom(nullptr);
  EXPECT_EQ(first.bytes(), 40u);
  EXPECT_EQ(second.bytes(), 0u);
  EXPECT_EQ(third.bytes(), 40u);
}

TEST(ListMemoryTest, KeepsWhatAsksForRoom) {
  ListMemory memory(10);
  User first(40);
  User second(40);
  for (User* user : {&first, &second}) memory.NoteUse(user);
  memory.MakeRoom(&first);
  EXPECT_EQ(first.bytes(), 40u);
  EXPECT_EQ(second.bytes(), 0u);
}

TEST(ListMemoryTest, ForgetsWhatIsRemoved) {
  ListMemory memory(10);
  User first(40);
  {
    User removed(40);
    memory.NoteUse(&removed);
    memory.NoteUse(&first);
    memory.Remove(&removed);
  }
  memory.MakeRoom(nullptr);
  EXPECT_EQ(first.bytes(), 0u);
}

}  // namespace
}  // namespace dissectd::server
