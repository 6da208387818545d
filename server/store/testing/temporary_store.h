// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_TESTING_TEMPORARY_STORE_H_
#define SERVER_STORE_TESTING_TEMPORARY_STORE_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "absl/status/statusor.h"
#include "server/store/file_store.h"

namespace dissectd::server {

// An empty store in a folder that is removed with the test's other files.
class TemporaryStore {
 public:
  TemporaryStore() : folder_(MakeFolder()), files_(FileStore::Open(folder_)) {
    EXPECT_TRUE(files_.ok()) << files_.status();
  }
  TemporaryStore(const TemporaryStore&) = delete;
  TemporaryStore& operator=(const TemporaryStore&) = delete;

  const std::string& folder() const { return folder_; }
  FileStore* files() { return &*files_; }

 private:
  static std::string MakeFolder() {
    std::string folder = ::testing::TempDir() + "store.XXXXXX";
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    return folder;
  }

  const std::string folder_;
  absl::StatusOr<FileStore> files_;
};

}  // namespace dissectd::server

#endif  // SERVER_STORE_TESTING_TEMPORARY_STORE_H_
