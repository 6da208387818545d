// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/object_folder.h"

#include <gtest/gtest.h>

#include <string>

namespace dissectd::cli {
namespace {

TEST(ObjectFolderTest, NumberGoesBeforeExtension) {
  EXPECT_EQ(NumberedName("large.txt", 0), "large.txt");
  EXPECT_EQ(NumberedName("large.txt", 2), "large(2).txt");
  EXPECT_EQ(NumberedName("%2f", 12), "%2f(12)");
  EXPECT_EQ(NumberedName("a.tar.gz", 1), "a.tar(1).gz");
}

TEST(ObjectFolderTest, NumberCanBeTakenAway) {
  EXPECT_EQ(UnnumberedName("large(2).txt"), "large.txt");
  EXPECT_EQ(UnnumberedName("%2f(12)"), "%2f");
  for (const char* name : {"large.txt", "(x).txt", "a()", "a(1)b.txt", ""}) {
    EXPECT_EQ(UnnumberedName(name), name);
  }
}

TEST(ObjectFolderTest, LongNameIsCutBeforeTheNumber) {
  const std::string name = std::string(251, 'a') + ".txt";
  EXPECT_EQ(NumberedName(name, 7), std::string(248, 'a') + "(7).txt");
}

}  // namespace
}  // namespace dissectd::cli
