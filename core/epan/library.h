// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_LIBRARY_H_
#define CORE_EPAN_LIBRARY_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/epan/lua_scripts.h"

namespace dissectd::engine {

// What libwireshark takes only when it is initialised.
struct InitOptions {
  // The name of the profile.
  std::string profile;
  // The scripts to run besides those of the profile.
  std::vector<LuaScript> lua_scripts;
};

// Initialises libwsutil, libwiretap and libwireshark, loads dissector plugins
// (C and Lua) and reads the settings of the profile, as tshark does when it
// starts. Once in a process, while it has a single thread; takes 100 to 300 ms.
//
// `program` is argv[0]. Errors: INTERNAL, with libwireshark's own message
// logged; those of SelectProfile and LuaLoading.
absl::Status InitLibrary(const char* program, const InitOptions& options);

// Initialises the library with the default profile.
absl::Status InitLibrary(const char* program);

// The initial preferences of a process, as libwireshark writes them to a file:
// before the profile is read, and before dissectors apply it, as some then
// declare preferences obsolete.
struct StartingPreferences {
  std::string defaults;
  std::string profile;
};

// Returns the preferences that InitLibrary found.
const StartingPreferences& PreferencesAtStart();

// Returns one more than the largest number of a field. Counts at the first
// call, which takes milliseconds and should come before forks.
size_t FieldNumberLimit();

// The version of libwireshark that is linked, for example "4.0.17".
std::string WiresharkVersion();

// The engine that this process belongs to: dissectd.v1.Engine.
struct EngineInfo {
  // Tells engines of one daemon apart, for example "wireshark-4.0.17".
  std::string id;
  // What WiresharkVersion returns.
  std::string wireshark_version;
};
const EngineInfo& ThisEngine();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_LIBRARY_H_
