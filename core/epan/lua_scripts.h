// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_LUA_SCRIPTS_H_
#define CORE_EPAN_LUA_SCRIPTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace dissectd::engine {

// A script in Lua that comes with a request.
struct LuaScript {
  // The name of its file; empty for one of its own.
  std::string name;
  std::string content;
  std::vector<std::string> arguments;
};

// Checks the names of scripts. Errors: INVALID_ARGUMENT
// (LUA_SCRIPT_NAME_INVALID).
absl::Status CheckLuaScripts(const std::vector<LuaScript>& scripts);

// Makes libwireshark run scripts while this exists, which is when libwireshark
// is initialised. They are files in this process's private folder, which
// becomes the current one, so that messages have their names and no folders.
// What they print and what libwireshark says about them is kept; later they
// print nothing.
class LuaLoading {
 public:
  LuaLoading() = default;
  // Forgets what scripts say from now on.
  ~LuaLoading();
  LuaLoading(const LuaLoading&) = delete;
  LuaLoading& operator=(const LuaLoading&) = delete;

  // Does nothing if there are none. Errors: INTERNAL.
  absl::Status Begin(const std::vector<LuaScript>& scripts);

  // To be called when the scripts have run.
  void Finish();

 private:
  // The file that takes what scripts print; -1 if there is none.
  int printed_ = -1;
};

// Returns whether LuaLoading has loaded scripts into this process.
bool HasLuaScripts();

// Returns what LuaLoading has kept, as notices for the client.
const std::vector<std::string>& LuaNotices();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_LUA_SCRIPTS_H_
