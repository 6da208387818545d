// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/plugins.h"

#include <dlfcn.h>
#include <wsutil/codecs.h>

#include <cstdint>
#include <filesystem>
#include <system_error>

#include "absl/strings/string_view.h"
#include "core/epan/wireshark.h"
#include "core/epan/wireshark_version.h"

#if WIRESHARK_VERSION_MINOR != 0
#include <wsutil/plugins.h>
#endif

// These functions are exported, but Debian installs no header for them; 4.4 has
// one for those of libwsutil.
// NOLINTBEGIN(readability-identifier-naming): the names are libwireshark's.
extern "C" {
using PluginCallback = void (*)(const char* name, const char* version,
                                const char* type, const char* path, void* data);
#if WIRESHARK_VERSION_MINOR == 0
void plugins_get_descriptions(PluginCallback callback, void* data);
#endif
void wslua_plugins_get_descriptions(PluginCallback callback, void* data);
}
// NOLINTEND(readability-identifier-naming)

namespace dissectd::engine {
namespace {

// A path that nothing can have, as nobody can make files there.
constexpr char kNoFolder[] = "/proc/none";

bool personal_plugins_are_allowed = false;
bool plugins_are_loading = false;

bool HidesPersonalPlugins() {
  return plugins_are_loading && !personal_plugins_are_allowed;
}

// Returns libwsutil's function with this name, which one below replaces.
template <typename Function>
Function Replaced(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

std::string TextOf(const char* text) { return text == nullptr ? "" : text; }

#if WIRESHARK_VERSION_MINOR != 0

std::string FolderOfLibrary() {
  // The address that this program has of a function may be within itself.
  const void* const function = dlsym(RTLD_NEXT, "epan_init");
  Dl_info library;
  if (function == nullptr || dladdr(function, &library) == 0) return "";
  // Debian's /lib is a link to /usr/lib.
  std::error_code error;
  return std::filesystem::canonical(library.dli_fname, error).parent_path();
}

std::string PrefixOfLibrary() {
  const std::string folder = FolderOfLibrary();
  return folder.substr(0, folder.rfind("/lib/"));
}

#endif

void AddPlugin(const char* name, const char* version, const char* type,
               const char* path, void* plugins) {
  static_cast<std::vector<LoadedPlugin>*>(plugins)->push_back(
      {TextOf(name), TextOf(version), TextOf(type), TextOf(path)});
}

#if WIRESHARK_VERSION_MINOR == 0

void AddLibraries(std::vector<LoadedPlugin>* plugins) {
  plugins_get_descriptions(AddPlugin, plugins);
}

#else

struct PluginKind {
  uint32_t flag;
  const char* name;
};

// In tshark's order, which gives a plugin of several kinds the first name.
constexpr PluginKind kKinds[] = {
    {WS_PLUGIN_DESC_DISSECTOR, "dissector"},
    {WS_PLUGIN_DESC_FILE_TYPE, "file type"},
    {WS_PLUGIN_DESC_CODEC, "codec"},
    {WS_PLUGIN_DESC_EPAN, "epan"},
    {WS_PLUGIN_DESC_TAP_LISTENER, "tap listener"},
    {WS_PLUGIN_DESC_DFILTER, "dfilter"},
};

const char* NameOfKind(uint32_t flags) {
  for (const PluginKind& kind : kKinds) {
    if ((flags & kind.flag) != 0) return kind.name;
  }
  return "unknown";
}

void AddLibraries(std::vector<LoadedPlugin>* plugins) {
  plugins_get_descriptions(
      [](const char* name, const char* version, uint32_t flags,
         const char* path,
         void* all) { AddPlugin(name, version, NameOfKind(flags), path, all); },
      plugins);
}

#endif

}  // namespace

void AllowPersonalPlugins() { personal_plugins_are_allowed = true; }

PluginLoading::PluginLoading() { plugins_are_loading = true; }

PluginLoading::~PluginLoading() { plugins_are_loading = false; }

std::vector<LoadedPlugin> LoadedPlugins() {
  {
    const PluginLoading loading;
    codecs_init();
  }
  std::vector<LoadedPlugin> plugins;
  AddLibraries(&plugins);
  wslua_plugins_get_descriptions(AddPlugin, &plugins);
  return plugins;
}

}  // namespace dissectd::engine

// These replace functions of libwsutil for all libraries of this program.
// libwireshark has no option that leaves out only the user's plugins.
// NOLINTBEGIN(readability-identifier-naming): the names are libwsutil's.
extern "C" const char* get_plugins_pers_dir() {
  if (dissectd::engine::HidesPersonalPlugins()) {
    return dissectd::engine::kNoFolder;
  }
  static const auto kOriginal =
      dissectd::engine::Replaced<const char* (*)()>("get_plugins_pers_dir");
  return kOriginal();
}

extern "C" const char* get_plugins_pers_dir_with_version() {
  if (dissectd::engine::HidesPersonalPlugins()) {
    return dissectd::engine::kNoFolder;
  }
  static const auto kOriginal = dissectd::engine::Replaced<const char* (*)()>(
      "get_plugins_pers_dir_with_version");
  return kOriginal();
}

extern "C" char* get_persconffile_path(const char* name,
                                       dissectd::engine::WsBool profile) {
  const absl::string_view file = name;
  if (dissectd::engine::HidesPersonalPlugins() &&
      (file == "init.lua" || file == "plugins")) {
    return g_strdup(dissectd::engine::kNoFolder);
  }
  static const auto kOriginal =
      dissectd::engine::Replaced<char* (*)(const char*,
                                           dissectd::engine::WsBool)>(
          "get_persconffile_path");
  return kOriginal(name, profile);
}

#if WIRESHARK_VERSION_MINOR != 0

// libwsutil 4.4 finds data, plugins and extcap programs only for programs in
// the folder "bin" of its own prefix. These name the folders that belong to the
// library instead.
extern "C" const char* get_datafile_dir() {
  static const auto& folder = *new std::string(
      dissectd::engine::PrefixOfLibrary() + "/share/wireshark");
  return folder.c_str();
}

extern "C" char* get_datafile_path(const char* name) {
  return g_build_filename(get_datafile_dir(), name, nullptr);
}

extern "C" const char* get_plugins_dir() {
  static const auto& folder = *new std::string(
      dissectd::engine::FolderOfLibrary() + "/wireshark/plugins");
  return folder.c_str();
}

extern "C" const char* get_plugins_dir_with_version() {
  static const auto& folder =
      *new std::string(std::string(get_plugins_dir()) + "/" +
                       std::to_string(WIRESHARK_VERSION_MAJOR) + "." +
                       std::to_string(WIRESHARK_VERSION_MINOR));
  return folder.c_str();
}

extern "C" const char* get_extcap_dir() {
  static const auto& folder = *new std::string(
      dissectd::engine::FolderOfLibrary() + "/wireshark/extcap");
  return folder.c_str();
}

#endif
// NOLINTEND(readability-identifier-naming)
