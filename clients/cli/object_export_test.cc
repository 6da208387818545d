// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/object_export.h"

#include <gtest/gtest.h>

namespace dissectd::cli {
namespace {

TEST(ObjectExportTest, FolderMayHaveCommas) {
  const ObjectExport parsed = ParseObjectExport("http,a,b/c");
  EXPECT_EQ(parsed.protocol, "http");
  EXPECT_EQ(parsed.folder, "a,b/c");
}

TEST(ObjectExportTest, WithoutCommaThereIsNoProtocol) {
  EXPECT_EQ(ParseObjectExport("http").protocol, "");
}

}  // namespace
}  // namespace dissectd::cli
