// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/attachments.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"

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
       {std::string(), std::string("a/b"), std::string("a\\b"),
        std::string("a\"b"), std::string("a'b"), std::string("a,b"),
        std::string("a;b"), std::string("a\nb"), std::string("a\x7f"),
        std::string(256, 'a')}) {
    EXPECT_EQ(ReasonOf(Attachments::Create({{name, "x"}}).status()),
              "ATTACHMENT_NAME_INVALID")
        << name;
  }
  EXPECT_EQ(ReasonOf(Attachments::Create({{"a", "x"}, {"a", "x"}}).status()),
            "ATTACHMENT_NAME_INVALID");
  EXPECT_TRUE(Attachments::Create({{std::string(255, 'a'), ""}}).ok());
}

TEST(AttachmentsTest, TheirNumberIsLimited) {
  std::vector<Attachment> many;
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
