// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_PLUGINS_H_
#define CORE_EPAN_PLUGINS_H_

#include <string>
#include <vector>

namespace dissectd::engine {

// A plugin that libwireshark has loaded, written in C or Lua. The texts may
// contain any bytes.
struct LoadedPlugin {
  std::string name;
  std::string version;
  std::string type;
  std::string path;
};

// Returns all plugins that are loaded, in the order in which Wireshark lists
// them. Loads those for codecs as well, which dissection doesn't need.
std::vector<LoadedPlugin> LoadedPlugins();

// Makes libwireshark load the plugins in the folders of the user, in C and Lua,
// and the user's init.lua. Otherwise it loads only those that it comes with.
// Call it before the library is initialised.
void AllowPersonalPlugins();

// While this exists, libwireshark is loading plugins.
class PluginLoading {
 public:
  PluginLoading();
  ~PluginLoading();
  PluginLoading(const PluginLoading&) = delete;
  PluginLoading& operator=(const PluginLoading&) = delete;
};

}  // namespace dissectd::engine

#endif  // CORE_EPAN_PLUGINS_H_
