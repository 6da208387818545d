// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/protobuf_imports.h"

#include <gtest/gtest.h>

#include <string>

namespace dissectd::engine {
namespace {

TEST(ProtobufImportsTest, FindsAbsolutePaths) {
  for (const char* proto :
       {"import \"/etc/hosts\";", "import'/etc/hosts';",
        "syntax = \"proto3\";\nimport public \"/etc/hosts\";",
        "import\n\tweak \"/x\";", "import \"\\\\etc\\\\hosts\";",
        "import \"\\etc\\hosts\";", "import /* \" */ \"/x\";",
        "import // \"a\"\n\"/x\";", "import // a\r\"/x\";",
        "import /* ; */ // x\n public /*/ \" */ \"/x\";", "import \"\" \"/x\";",
        "import \"\"\"/x\";", "import '' // a\n '/x';",
        "import \"a.proto\"; import \"/x\";", "import \x01 \"/x\";",
        "import @ \"/x\";", "// import\nimport \"/x\";",
        "import \"a\\\"\" \"/x\";",
        // A quote without an end on its line is ignored.
        "import ' \"/x\";", "import \" '/x';", "import public ' \"/x\";",
        "import'\"/x\";", "import \"'\n'/x';", "import ' // \n \"/x\";",
        "import ' /* \n ' */ \"/x\";", "x \"import \"/x\";",
        "importimport \"/x\";"}) {
    EXPECT_TRUE(HasAbsoluteImport(proto)) << proto;
  }
}

TEST(ProtobufImportsTest, TakesOthers) {
  for (const char* proto :
       {"", "import", "import \"", "import \"a.proto\";",
        "import public \"google/api/annotations.proto\";",
        // Such paths aren't followed out of the folder.
        "import \"../a.proto\";",
        "import \"a.proto\"; option (google.api.http) = { get: \"/v1/a\" };",
        "// Doesn't import: see \"/v1/a\".\n", "string imported = 1;",
        "string import_path = 1 [default = \"/a\"];"}) {
    EXPECT_FALSE(HasAbsoluteImport(proto)) << proto;
  }
}

// A long text is read once, however often it has the word.
TEST(ProtobufImportsTest, ReadsLongTexts) {
  std::string proto;
  for (int i = 0; i < 1'000'000; ++i) proto += "import";
  EXPECT_FALSE(HasAbsoluteImport(proto));
  EXPECT_TRUE(HasAbsoluteImport(proto + " '/x'"));
}

}  // namespace
}  // namespace dissectd::engine
