// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_FOLDERS_H_
#define CORE_EPAN_FOLDERS_H_

#include <string>
#include <vector>

namespace dissectd::engine {

// A folder that libwireshark uses.
struct Folder {
  // What it is for, in the words of `tshark -G folders`.
  const char* purpose;
  std::string path;
};

// Returns the folders that `tshark -G folders` lists, in its order. Those of
// GeoIP databases and MIBs are the profile's.
std::vector<Folder> LibraryFolders();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_FOLDERS_H_
