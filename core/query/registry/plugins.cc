// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/registry/plugins.h"

#include <protozero/pbf_builder.hpp>
#include <string>

#include "core/epan/plugins.h"
#include "core/query/public_text.h"
#include "core/query/registry/extcap_programs.h"
#include "dissectd/v1/registry.schema.h"

namespace dissectd::engine {
namespace {

using ResponseBuilder = protozero::pbf_builder<schema::ListPluginsResponse>;

void AddPlugin(const LoadedPlugin& plugin, ResponseBuilder* response) {
  std::string message;
  protozero::pbf_builder<schema::Plugin> out(message);
  out.add_string(schema::Plugin::kName, PublicText(plugin.name.c_str()));
  out.add_string(schema::Plugin::kVersion, PublicText(plugin.version.c_str()));
  out.add_string(schema::Plugin::kType, PublicText(plugin.type.c_str()));
  out.add_string(schema::Plugin::kPath, PublicText(plugin.path.c_str()));
  response->add_message(schema::ListPluginsResponse::kPlugins, message);
}

}  // namespace

absl::Status ListPlugins(const QueryContext&, absl::string_view,
                         SendResponse send) {
  std::string response;
  ResponseBuilder out(response);
  for (const LoadedPlugin& plugin : LoadedPlugins()) AddPlugin(plugin, &out);
  for (const ExtcapProgram& program : FindExtcapPrograms()) {
    AddPlugin({program.name, program.version, "extcap", program.path}, &out);
  }
  return send(response);
}

}  // namespace dissectd::engine
