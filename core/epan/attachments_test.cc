// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/attachments.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/private_folder.h"

namespace dissectd::engine {
namespace {

std::string ContentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string ReasonOf(const absl::Status& status) {
  // The reason is a text in the serialised details.
  for (const char* reason : {"ATTACHMENT_NAME_INVALID", "ATTACHMENT_UNKNOWN",
                             "TOO_MANY_ATTACHMENTS"}) {
    if (SerializeFailure(status).find(reason) != std::string::npos) {
      return reason;
    }
  }
  return "";
}

TEST(AttachmentsTest, AreFilesThatCannotBeChanged) {
  const std::string content("\0secret\n", 8);
  const auto attachments =
      Attachments::Create({{"a b.pem", content}, {"empty", ""}});
  ASSERT_TRUE(attachments.ok()) << attachments.status();
  const auto path = attachments->PathOf("attachment:a b.pem");
  ASSERT_TRUE(path.ok()) << path.status();
  // Each reader begins at the start.
  EXPECT_EQ(ContentOf(*path), content);
  EXPECT_EQ(ContentOf(*path), content);
  EXPECT_EQ(ContentOf(*attachments->PathOf("attachment:empty")), "");
  const int fd = open(path->c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(fd, 0);
  EXPECT_EQ(write(fd, "x", 1), -1);
  EXPECT_EQ(ftruncate(fd, 0), -1);
  close(fd);
}

TEST(AttachmentsTest, UnknownOnesAreErrors) {
  const auto attachments = Attachments::Create({{"a", ""}});
  ASSERT_TRUE(attachments.ok());
  EXPECT_EQ(ReasonOf(attachments->PathOf("attachment:b").status()),
            "ATTACHMENT_UNKNOWN");
  EXPECT_EQ(ReasonOf(Attachments().PathOf("attachment:a").status()),
            "ATTACHMENT_UNKNOWN");
}

TEST(AttachmentsTest, NamesMeanTheSameEverywhere) {
  for (const std::string& name :
       {std::string(), std::string("a\\b"), std::string("a\"b"),
        std::string("a'b"), std::string("a,b"), std::string("a;b"),
        std::string("a\nb"), std::string("a\x7f"), std::string(256, 'a')}) {
    EXPECT_EQ(ReasonOf(Attachments::Create({{name, "x"}}).status()),
              "ATTACHMENT_NAME_INVALID")
        << name;
  }
  EXPECT_EQ(ReasonOf(Attachments::Create({{"a", "x"}, {"a", "x"}}).status()),
            "ATTACHMENT_NAME_INVALID");
  EXPECT_TRUE(Attachments::Create({{std::string(255, 'a'), ""}}).ok());
}

class FolderTest : public ::testing::Test {
 protected:
  FolderTest() { EXPECT_TRUE(CreateEngineFolder().ok()); }
  ~FolderTest() override { RemoveEngineFolder(); }
};

TEST_F(FolderTest, HasAttachmentsWithSlashes) {
  const auto attachments = Attachments::Create(
      {{"a/b/one", "1"}, {"a/two", "2"}, {"a.b", "3"}, {"a/b:", "4"}});
  EXPECT_EQ(ReasonOf(attachments.status()), "ATTACHMENT_NAME_INVALID");
  const auto valid =
      Attachments::Create({{"a/b/one", "1"}, {"a/two", "2"}, {"a.b", "3"}});
  ASSERT_TRUE(valid.ok()) << valid.status();
  const auto folder = valid->FolderOf("attachment:a");
  ASSERT_TRUE(folder.ok()) << folder.status();
  EXPECT_EQ(ContentOf(*folder + "/b/one"), "1");
  EXPECT_EQ(ContentOf(*folder + "/two"), "2");
  EXPECT_EQ(*valid->FolderOf("attachment:a/b"), *folder + "/b");
  EXPECT_EQ(ContentOf(*valid->PathOf("attachment:a/b/one")), "1");
  EXPECT_EQ(ContentOf(*valid->PathOf("attachment:a.b")), "3");
  EXPECT_EQ(valid->WithReferences(*folder + "/b/one:1: wrong"),
            "attachment:a/b/one:1: wrong");
  for (const char* name : {"a.b", "b", "", "a/", "a/two", "/", "a/.."}) {
    EXPECT_EQ(
        ReasonOf(valid->FolderOf(absl::StrCat("attachment:", name)).status()),
        "ATTACHMENT_UNKNOWN")
        << name;
  }
  EXPECT_EQ(ReasonOf(valid->PathOf("attachment:a").status()),
            "ATTACHMENT_UNKNOWN");
}

TEST_F(FolderTest, CannotBeLeft) {
  std::string deep = "a";
  for (int i = 0; i < 17; ++i) deep += "/a";
  for (const std::string& name :
       {std::string("../a"), std::string("a/../b"), std::string("a/.."),
        std::string("./a"), std::string("a/./b"), std::string("/a"),
        std::string("a/"), std::string("a//b"), std::string("/"),
        std::string("a/b\nc"), std::string("a/b:c"), deep}) {
    EXPECT_EQ(ReasonOf(Attachments::Create({{name, "x"}}).status()),
              "ATTACHMENT_NAME_INVALID")
        << name;
  }
  for (const auto& names :
       std::vector<std::vector<Attachment>>{{{"a/b", ""}, {"a/b", ""}},
                                            {{"a", ""}, {"a/b", ""}},
                                            {{"a/b/c", ""}, {"a/b", ""}}}) {
    EXPECT_EQ(ReasonOf(Attachments::Create(names).status()),
              "ATTACHMENT_NAME_INVALID");
  }
}

TEST_F(FolderTest, TheirNumberIsLimited) {
  std::vector<Attachment> many;
  many.reserve(2001);
  for (int i = 0; i < 2001; ++i) many.push_back({absl::StrCat("a/", i), ""});
  EXPECT_EQ(ReasonOf(Attachments::Create(many).status()),
            "TOO_MANY_ATTACHMENTS");
  many.pop_back();
  EXPECT_TRUE(Attachments::Create(many).ok());
}

TEST(AttachmentsTest, TheirNumberIsLimited) {
  std::vector<Attachment> many;
  many.reserve(101);
  for (int i = 0; i < 101; ++i) many.push_back({absl::StrCat(i), ""});
  EXPECT_EQ(ReasonOf(Attachments::Create(many).status()),
            "TOO_MANY_ATTACHMENTS");
  many.pop_back();
  EXPECT_TRUE(Attachments::Create(many).ok());
}

TEST(AttachmentsTest, MessagesHaveTheirNames) {
  const auto attachments = Attachments::Create({{"one", ""}, {"two", ""}});
  ASSERT_TRUE(attachments.ok());
  EXPECT_EQ(attachments->WithReferences(absl::StrCat(
                "can't read ", *attachments->PathOf("attachment:two"), ": x")),
            "can't read attachment:two: x");
}

}  // namespace
}  // namespace dissectd::engine
