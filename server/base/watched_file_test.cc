// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/watched_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/status_macros.h"

namespace dissectd::server {
namespace {

using testing::HasSubstr;

using WatchedText = WatchedValue<std::string>;

class WatchedFileTest : public testing::Test {
 protected:
  WatchedFileTest() : path_(absl::StrCat(testing::TempDir(), "/watched")) {
    unlink(path_.c_str());
  }

  // Replaces the file at once.
  void Write(const std::string& content) const {
    const std::string next = path_ + ".next";
    std::ofstream(next, std::ios::binary) << content;
    chmod(next.c_str(), 0600);
    ASSERT_EQ(std::rename(next.c_str(), path_.c_str()), 0);
  }

  absl::StatusOr<std::unique_ptr<WatchedText>> Open() const {
    return WatchedText::Open(
        path_, [](const OperatorFile& file) -> absl::StatusOr<std::string> {
          if (file.content == "bad") {
            return absl::InvalidArgumentError("bad text");
          }
          if (file.content == "secret") {
            RETURN_IF_ERROR(CheckPrivate(file, "it has a secret"));
          }
          return file.content;
        });
  }

  // Returns whether the value becomes `expected`.
  static bool Becomes(const WatchedText& value, const std::string& expected) {
    const absl::Time end = absl::Now() + absl::Seconds(30);
    while (*value.Get() != expected) {
      if (absl::Now() > end) return false;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return true;
  }

  const std::string path_;
};

TEST_F(WatchedFileTest, AValueFollowsItsFile) {
  Write("one");
  const auto value = Open();
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(*(*value)->Get(), "one");
  const std::shared_ptr<const std::string> before = (*value)->Get();
  Write("two");
  EXPECT_TRUE(Becomes(**value, "two"));
  EXPECT_EQ(*before, "one");
  // Writing into the file is noticed as well as replacing it.
  std::ofstream(path_, std::ios::app) << "!";
  EXPECT_TRUE(Becomes(**value, "two!"));
}

TEST_F(WatchedFileTest, AWrongFileChangesNothing) {
  Write("one");
  const auto value = Open();
  ASSERT_TRUE(value.ok());
  Write("bad");
  // Longer than the time between two looks at the file.
  absl::SleepFor(absl::Milliseconds(1500));
  EXPECT_EQ(*(*value)->Get(), "one");
  unlink(path_.c_str());
  absl::SleepFor(absl::Milliseconds(1500));
  EXPECT_EQ(*(*value)->Get(), "one");
  Write("two");
  EXPECT_TRUE(Becomes(**value, "two"));
}

TEST_F(WatchedFileTest, AFileThatOthersMayWriteIsRefused) {
  for (const mode_t mode : {0620, 0602, 0666}) {
    Write("one");
    chmod(path_.c_str(), mode);
    EXPECT_THAT(std::string(Open().status().message()), HasSubstr("chmod"))
        << mode;
  }
}

TEST_F(WatchedFileTest, ASecretThatOthersMayUseIsRefused) {
  Write("secret");
  EXPECT_TRUE(Open().ok());
  for (const mode_t mode : {0604, 0644, 0601}) {
    chmod(path_.c_str(), mode);
    EXPECT_THAT(std::string(Open().status().message()),
                HasSubstr("it has a secret, and its permissions are too open"))
        << mode;
  }
}

TEST_F(WatchedFileTest, PermissionsCountAsMuchAsContents) {
  Write("one");
  chmod(path_.c_str(), 0644);
  const auto value = Open();
  ASSERT_TRUE(value.ok()) << value.status();
  std::ofstream(path_, std::ios::binary) << "secret";
  // Longer than the time between two looks at the file.
  absl::SleepFor(absl::Milliseconds(1500));
  EXPECT_EQ(*(*value)->Get(), "one");
  chmod(path_.c_str(), 0640);
  EXPECT_TRUE(Becomes(**value, "secret"));
}

TEST_F(WatchedFileTest, WhatIsNoUsableFileIsRefused) {
  EXPECT_THAT(std::string(Open().status().message()), HasSubstr(path_));
  Write("bad");
  EXPECT_THAT(std::string(Open().status().message()), HasSubstr("bad text"));
  Write(std::string((1 << 20) + 1, 'x'));
  EXPECT_THAT(std::string(Open().status().message()), HasSubstr("more than"));
  unlink(path_.c_str());
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(std::string(Open().status().message()), HasSubstr("regular"));
}

}  // namespace
}  // namespace dissectd::server
