// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/utf8.h"

#include <gtest/gtest.h>

namespace dissectd {
namespace {

TEST(Utf8Test, AcceptsEveryLengthOfCharacter) {
  EXPECT_TRUE(IsValidUtf8(""));
  EXPECT_TRUE(IsValidUtf8("plain ascii that is longer than a word"));
  EXPECT_TRUE(IsValidUtf8("\xc3\xa9\xe2\x86\x92\xf0\x9f\xa6\x88"));
}

TEST(Utf8Test, RefusesWhatProtobufRefuses) {
  EXPECT_FALSE(IsValidUtf8("\x80"));              // Continuation alone.
  EXPECT_FALSE(IsValidUtf8("\xc0\xaf"));          // Overlong.
  EXPECT_FALSE(IsValidUtf8("\xe0\x80\xaf"));      // Overlong.
  EXPECT_FALSE(IsValidUtf8("\xed\xa0\x80"));      // Surrogate.
  EXPECT_FALSE(IsValidUtf8("\xf4\x90\x80\x80"));  // Beyond U+10FFFF.
  EXPECT_FALSE(IsValidUtf8("abcdefgh\xe2\x86"));  // Cut short.
}

TEST(Utf8Test, ReplacesEachInvalidByte) {
  EXPECT_EQ(MakeValidUtf8("a\xff\xfe"
                          "b"),
            "a\xef\xbf\xbd\xef\xbf\xbd"
            "b");
  EXPECT_EQ(MakeValidUtf8("\xe2\x86\x92"), "\xe2\x86\x92");
}

TEST(Utf8Test, TruncatesBetweenCharacters) {
  EXPECT_EQ(TruncateUtf8("abc", 5), "abc");
  EXPECT_EQ(TruncateUtf8("abc", 2), "ab");
  EXPECT_EQ(TruncateUtf8("a\xe2\x86\x92", 3), "a");
}

}  // namespace
}  // namespace dissectd
