// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/plugins.h"

#include <wsutil/codecs.h>

#include "core/epan/wireshark.h"

// These functions are exported, but Debian installs no header for them.
// NOLINTBEGIN(readability-identifier-naming): the names are libwireshark's.
extern "C" {
using PluginCallback = void (*)(const char* name, const char* version,
                                const char* type, const char* path, void* data);
void plugins_get_descriptions(PluginCallback callback, void* data);
void wslua_plugins_get_descriptions(PluginCallback callback, void* data);
}
// NOLINTEND(readability-identifier-naming)

namespace dissectd::engine {
namespace {

std::string TextOf(const char* text) { return text == nullptr ? "" : text; }

void AddPlugin(const char* name, const char* version, const char* type,
               const char* path, void* plugins) {
  static_cast<std::vector<LoadedPlugin>*>(plugins)->push_back(
      {TextOf(name), TextOf(version), TextOf(type), TextOf(path)});
}

}  // namespace

std::vector<LoadedPlugin> LoadedPlugins() {
  codecs_init();
  std::vector<LoadedPlugin> plugins;
  plugins_get_descriptions(AddPlugin, &plugins);
  wslua_plugins_get_descriptions(AddPlugin, &plugins);
  return plugins;
}

}  // namespace dissectd::engine
