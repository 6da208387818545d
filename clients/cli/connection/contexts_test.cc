// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/connection/contexts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace dissectd::cli {
namespace {

using ::testing::HasSubstr;

constexpr char kLab[] = R"({
  "current_context": "lab",
  "contexts": {
    "lab": {"server": "lab.example:7", "tls": true, "token_file": "lab.token"},
    "here": {"server": "unix:/run/dissectd/socket"}
  }
})";

class ContextsTest : public testing::Test {
 protected:
  ContextsTest() {
    path_ = testing::TempDir() + "/contexts_test/config.json";
    std::filesystem::remove_all(testing::TempDir() + "/contexts_test");
    setenv("DISSECTD_CONFIG", path_.c_str(), 1);
    unsetenv("DISSECTD_TOKEN");
  }

  void Write(const std::string& content) {
    std::filesystem::create_directories(
        std::filesystem::path(path_).parent_path());
    std::ofstream(path_) << content;
  }

  // Returns the message of the error that a content of the file causes.
  std::string ErrorOf(const std::string& content) {
    Write(content);
    return std::string(Contexts::Load().status().message());
  }

  std::string path_;
};

TEST_F(ContextsTest, WithoutAFileThereAreNone) {
  const absl::StatusOr<Contexts> contexts = Contexts::Load();
  ASSERT_TRUE(contexts.ok());
  EXPECT_TRUE(contexts->all().empty());
  EXPECT_TRUE(contexts->Get("").ok());
}

TEST_F(ContextsTest, PathsAreRelativeToTheFile) {
  Write(kLab);
  const absl::StatusOr<Contexts> contexts = Contexts::Load();
  ASSERT_TRUE(contexts.ok()) << contexts.status();
  const absl::StatusOr<ConnectionOptions> lab = contexts->Get("");
  ASSERT_TRUE(lab.ok());
  EXPECT_EQ(lab->server, "lab.example:7");
  EXPECT_TRUE(lab->tls);
  EXPECT_EQ(lab->token_file, testing::TempDir() + "/contexts_test/lab.token");
}

TEST_F(ContextsTest, AnUnknownNameIsToldWithThoseThatThereAre) {
  Write(kLab);
  EXPECT_THAT(std::string(Contexts::Load()->Get("prod").status().message()),
              HasSubstr("there are: here, lab"));
}

TEST_F(ContextsTest, WhatIsWrongInTheFileIsNamed) {
  EXPECT_THAT(ErrorOf("{"), HasSubstr("isn't JSON"));
  EXPECT_THAT(ErrorOf("[]"), HasSubstr("isn't an object"));
  EXPECT_THAT(ErrorOf(R"({"context": {}})"), HasSubstr("\"context\""));
  EXPECT_THAT(ErrorOf(R"({"contexts": {"a": {"sever": "b"}}})"),
              HasSubstr("context \"a\": unknown key \"sever\""));
  EXPECT_THAT(ErrorOf(R"({"contexts": {"a": {"tls": "yes"}}})"),
              HasSubstr("\"tls\" isn't true or false"));
  EXPECT_THAT(ErrorOf(R"({"contexts": {"a": {"server": 7}}})"),
              HasSubstr("\"server\" isn't a text"));
}

TEST_F(ContextsTest, WhatIsSavedIsReadAgainAndIsPrivate) {
  Contexts contexts;
  ConnectionOptions options;
  options.server = "a:1";
  options.tls_ca = "/ca.pem";
  contexts.Set("a", options);
  ASSERT_TRUE(contexts.Use("a").ok());
  ASSERT_TRUE(contexts.Save().ok());
  const absl::StatusOr<Contexts> read = Contexts::Load();
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->ToJson(), contexts.ToJson());
  EXPECT_EQ(read->current(), "a");
  struct stat status = {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(ContextsTest, OptionsGoBeforeThoseOfAContext) {
  Write(kLab);
  ConnectionChoice choice;
  choice.context = "lab";
  choice.options.server = "other:1";
  const absl::StatusOr<ConnectionOptions> options = ResolveConnection(choice);
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->server, "other:1");
  EXPECT_TRUE(options->tls);
}

TEST_F(ContextsTest, ATokenOfTheCurrentContextDoesNotGoToAnotherServer) {
  Write(kLab);
  ConnectionChoice choice;
  choice.options.server = "other:1";
  const absl::StatusOr<ConnectionOptions> options = ResolveConnection(choice);
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->token_file, "");
  EXPECT_FALSE(options->tls);
}

TEST_F(ContextsTest, ATokenInTheEnvironmentReplacesTheContexts) {
  Write(kLab);
  setenv("DISSECTD_TOKEN", "secret", 1);
  const absl::StatusOr<ConnectionOptions> options = ResolveConnection({});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->token, "secret");
  EXPECT_EQ(options->token_file, "");
}

TEST_F(ContextsTest, ADeletedCurrentContextIsNoLongerCurrent) {
  Write(kLab);
  absl::StatusOr<Contexts> contexts = Contexts::Load();
  ASSERT_TRUE(contexts.ok());
  EXPECT_TRUE(contexts->Delete("lab"));
  EXPECT_FALSE(contexts->Delete("lab"));
  EXPECT_EQ(contexts->current(), "");
}

}  // namespace
}  // namespace dissectd::cli
