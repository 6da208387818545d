// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_QUOTA_OWNER_H_
#define SERVER_STORE_QUOTA_OWNER_H_

#include <string>

// Whose share of the quota a file counts for. It is an extended attribute of
// the file, so that it moves and disappears with it. On a file system without
// such attributes, files belong to nobody, and count only for all together.
namespace dissectd::server {

// Sets the owner of an open file.
void SetQuotaOwner(int file, const std::string& owner);

// Returns the owner of a file that is open for reading or writing; empty if it
// has none.
std::string QuotaOwnerOf(int file);

// As above, for a file below the folder `root`.
std::string QuotaOwnerOf(int root, const std::string& path);

}  // namespace dissectd::server

#endif  // SERVER_STORE_QUOTA_OWNER_H_
