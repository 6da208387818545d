// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/folders.h"

#include <epan/maxmind_db.h>
#include <epan/oids.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "core/epan/handles.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

// tshark splits a list of folders into a number of parts at most, so that the
// last one can still be a list.
constexpr int kMaxDatabaseParts = 10;
constexpr int kMaxMibParts = 20;

void AddList(const char* purpose, const GCharPtr& list, int max_parts,
             std::vector<Folder>* folders) {
  if (list == nullptr || *list == '\0') return;
  for (const absl::string_view path :
       absl::StrSplit(list.get(),
                      absl::MaxSplits(G_SEARCHPATH_SEPARATOR, max_parts - 1))) {
    folders->push_back(
        {purpose, std::string(absl::StripAsciiWhitespace(path))});
  }
}

void AddExtcap(std::vector<Folder>* folders) {
#if WIRESHARK_VERSION_MINOR == 0
  folders->push_back({"Extcap path", get_extcap_dir()});
#else
  folders->push_back({"Personal Extcap path", get_extcap_pers_dir()});
  folders->push_back({"Global Extcap path", get_extcap_dir()});
#endif
}

}  // namespace

std::vector<Folder> LibraryFolders() {
  const GCharPtr personal(get_persconffile_path("", FALSE));
  std::vector<Folder> folders = {
      {"Temp", g_get_tmp_dir()},
      {"Personal configuration", personal.get()},
      {"Global configuration", get_datafile_dir()},
      {"System", get_systemfile_dir()},
      {"Program", get_progfile_dir()},
      {"Personal Plugins", get_plugins_pers_dir_with_version()},
      {"Global Plugins", get_plugins_dir_with_version()},
      {"Personal Lua Plugins", get_plugins_pers_dir()},
      {"Global Lua Plugins", get_plugins_dir()},
  };
  AddExtcap(&folders);
  AddList("MaxMind database path", GCharPtr(maxmind_db_get_paths()),
          kMaxDatabaseParts, &folders);
  AddList("MIB/PIB path", GCharPtr(oid_get_default_mib_path()), kMaxMibParts,
          &folders);
  return folders;
}

}  // namespace dissectd::engine
