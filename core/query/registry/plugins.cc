// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/registry/plugins.h"

#include <wsutil/codecs.h>

#include <protozero/pbf_builder.hpp>
#include <string>
#include <vector>

#include "core/epan/wireshark.h"
#include "core/query/registry/extcap_programs.h"
#include "core/query/registry/registry_messages.h"
#include "dissectd/v1/registry.schema.h"

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

using ResponseBuilder = protozero::pbf_builder<schema::ListPluginsResponse>;

void AddPlugin(const char* name, const char* version, const char* type,
               const char* path, void* response) {
  std::string message;
  protozero::pbf_builder<schema::Plugin> out(message);
  out.add_string(schema::Plugin::kName, PublicText(name));
  out.add_string(schema::Plugin::kVersion, PublicText(version));
  out.add_string(schema::Plugin::kType, PublicText(type));
  out.add_string(schema::Plugin::kPath, PublicText(path));
  static_cast<ResponseBuilder*>(response)->add_message(
      schema::ListPluginsResponse::kPlugins, message);
}

}  // namespace

absl::Status ListPlugins(const QueryContext&, absl::string_view,
                         SendResponse send) {
  // Dissection doesn't need codecs, so they haven't been loaded.
  codecs_init();
  std::string response;
  ResponseBuilder out(response);
  plugins_get_descriptions(AddPlugin, &out);
  wslua_plugins_get_descriptions(AddPlugin, &out);
  for (const ExtcapProgram& program : FindExtcapPrograms()) {
    AddPlugin(program.name.c_str(), program.version.c_str(), "extcap",
              program.path.c_str(), &out);
  }
  return send(response);
}

}  // namespace dissectd::engine
