// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_UPLOAD_FOLDERS_H_
#define SERVER_STORE_UPLOAD_FOLDERS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// The folders of uploads below the folder of the store, `root`. Calls may block
// on the file system.
namespace dissectd::server {

// The folder of unfinished uploads.
inline constexpr char kPartsFolder[] = ".uploads";

// Return the path of an upload's folder by its id.
std::string PartFolder(absl::string_view id);
std::string FinishedFolder(absl::string_view id);

// Makes a folder unless it exists. Errors: STORE_FULL, STORE_READ_ONLY,
// INTERNAL.
absl::Status MakeFolder(int root, const std::string& path);

// Writes the names in a folder to the disk. Errors: STORE_FULL, INTERNAL.
absl::Status SyncFolder(int root, const std::string& path);

}  // namespace dissectd::server

#endif  // SERVER_STORE_UPLOAD_FOLDERS_H_
