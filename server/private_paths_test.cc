// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/private_paths.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "server/config.h"

namespace dissectd::server {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class PrivatePathsTest : public ::testing::Test {
 protected:
  PrivatePathsTest() {
    std::string folder = ::testing::TempDir() + "paths.XXXXXX";
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    fs::create_directories(folder_ / "store/exports");
    fs::create_directories(folder_ / "etc");
    config_.store = folder_ / "store";
    for (const char* file : {"store/exports/policy", "etc/policy"}) {
      std::ofstream(folder_ / file) << "{}";
    }
  }

  // Whether a policy with this path is refused.
  bool IsRefused(const fs::path& path) {
    config_.identity.policy = path;
    return !CheckPathsOutsideStore(config_).ok();
  }

  fs::path folder_;
  ServerConfig config_;
};

TEST_F(PrivatePathsTest, EachOptionIsNamed) {
  const std::string path = folder_ / "store/new";
  const std::pair<std::string*, const char*> options[] = {
      {&config_.identity.token_file, "--token-file"},
      {&config_.identity.jwt_keys, "--jwt-keys"},
      {&config_.identity.policy, "--policy"},
      {&config_.identity.audit_log, "--audit-log"},
      {&config_.transport.tls_certificate, "--tls-certificate"},
      {&config_.transport.tls_key, "--tls-key"},
      {&config_.transport.tls_client_ca, "--tls-client-ca"},
      {&config_.isolation.crashing_frames, "--keep-crashing-frames"},
  };
  EXPECT_TRUE(CheckPathsOutsideStore(config_).ok());
  for (const auto& [value, name] : options) {
    *value = path;
    EXPECT_THAT(std::string(CheckPathsOutsideStore(config_).message()),
                HasSubstr(std::string(name) + ": \"" + path + "\""));
    value->clear();
  }
}

TEST_F(PrivatePathsTest, PathsOutsideTheStoreAreFine) {
  EXPECT_FALSE(IsRefused(folder_ / "etc/policy"));
  EXPECT_FALSE(IsRefused(folder_ / "etc/missing"));
  EXPECT_FALSE(IsRefused(folder_ / "store.policy"));
  EXPECT_FALSE(IsRefused(folder_ / "store/../etc/policy"));
  EXPECT_FALSE(IsRefused("policy"));
  fs::create_symlink("etc/policy", folder_ / "link");
  EXPECT_FALSE(IsRefused(folder_ / "link"));
}

TEST_F(PrivatePathsTest, NoSpellingHidesThatAPathIsInTheStore) {
  EXPECT_TRUE(IsRefused(folder_ / "store"));
  EXPECT_TRUE(IsRefused(folder_ / "store/"));
  EXPECT_TRUE(IsRefused(folder_ / "store/exports/policy"));
  EXPECT_TRUE(IsRefused(folder_ / "store/missing/too"));
  EXPECT_TRUE(IsRefused(folder_ / "etc/.././store//exports/policy"));
  EXPECT_TRUE(IsRefused(fs::relative(folder_ / "store/exports/policy")));
  // The store may be named by a link, too.
  fs::create_symlink("store", folder_ / "served");
  config_.store = folder_ / "served";
  EXPECT_TRUE(IsRefused(folder_ / "store/exports/policy"));
}

TEST_F(PrivatePathsTest, NeitherLinksIntoTheStoreNorLinksInItAreUsed) {
  fs::create_symlink(folder_ / "store/exports/policy", folder_ / "into");
  EXPECT_TRUE(IsRefused(folder_ / "into"));
  fs::create_symlink("store/exports", folder_ / "folder");
  EXPECT_TRUE(IsRefused(folder_ / "folder/policy"));
  fs::create_symlink("into", folder_ / "twice");
  EXPECT_TRUE(IsRefused(folder_ / "twice"));
  // A file that is made later.
  fs::create_symlink("store/later", folder_ / "dangling");
  EXPECT_TRUE(IsRefused(folder_ / "dangling"));
  // An export could replace the link.
  fs::create_symlink(folder_ / "etc/policy", folder_ / "store/exports/link");
  EXPECT_TRUE(IsRefused(folder_ / "store/exports/link"));
  fs::create_symlink("store/exports/link", folder_ / "through");
  EXPECT_TRUE(IsRefused(folder_ / "through"));
}

TEST_F(PrivatePathsTest, ALoopOfLinksEnds) {
  fs::create_symlink("loop", folder_ / "loop");
  EXPECT_FALSE(IsRefused(folder_ / "loop"));
}

}  // namespace
}  // namespace dissectd::server
