// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/registry/libraries.h"

#include <optional>
#include <protozero/pbf_builder.hpp>
#include <string>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "core/base/utf8.h"
#include "core/epan/field_count.h"
#include "core/epan/folders.h"
#include "core/epan/library.h"
#include "core/epan/wireshark.h"
#include "dissectd/v1/server.schema.h"

namespace dissectd::engine {
namespace {

using EngineBuilder = protozero::pbf_builder<schema::Engine>;

void AddFeatures(schema::Engine field, gather_feature_func gather,
                 EngineBuilder* out) {
  GList* features = nullptr;
  const absl::Cleanup free = [&features] { free_features(&features); };
  gather(&features);
  // libwireshark prepends items, so the list is reversed.
  features = g_list_reverse(features);
  for (const GList* item = features; item != nullptr; item = item->next) {
    // Each item is a plus or minus, then the description.
    const std::string feature = static_cast<const char*>(item->data);
    protozero::pbf_builder<schema::Feature> message(*out, field);
    message.add_string(schema::Feature::kDescription,
                       MakeValidUtf8(feature.substr(1)));
    message.add_bool(schema::Feature::kPresent, feature.front() == '+');
  }
}

void AddFolders(EngineBuilder* out) {
  for (const Folder& folder : LibraryFolders()) {
    protozero::pbf_builder<schema::Folder> message(*out,
                                                   schema::Engine::kFolders);
    message.add_string(schema::Folder::kPurpose, folder.purpose);
    message.add_string(schema::Folder::kPath, MakeValidUtf8(folder.path));
  }
}

void AddFieldCount(EngineBuilder* out) {
  const std::optional<FieldCount> count = CountFields();
  if (!count.has_value()) return;
  protozero::pbf_builder<schema::FieldCount> message(
      *out, schema::Engine::kFieldCount);
  message.add_uint32(schema::FieldCount::kRegistered, count->registered);
  message.add_uint32(schema::FieldCount::kDeregistered, count->deregistered);
  message.add_uint32(schema::FieldCount::kProtocols, count->protocols);
  message.add_uint32(schema::FieldCount::kSameName, count->same_name);
  message.add_uint32(schema::FieldCount::kPreallocated, count->preallocated);
  message.add_uint32(schema::FieldCount::kTableKib, count->table_kib);
  message.add_uint32(schema::FieldCount::kFieldsKib, count->fields_kib);
}

std::string EngineMessage() {
  std::string message;
  EngineBuilder out(message);
  out.add_string(schema::Engine::kId, ThisEngine().id);
  out.add_string(schema::Engine::kWiresharkVersion, WiresharkVersion());
  out.add_string(schema::Engine::kGlibVersion,
                 absl::StrCat(glib_major_version, ".", glib_minor_version, ".",
                              glib_micro_version));
  AddFeatures(schema::Engine::kCompiledFeatures, epan_gather_compile_info,
              &out);
  AddFeatures(schema::Engine::kRuntimeFeatures, epan_gather_runtime_info, &out);
  out.add_bool(schema::Engine::kStartedWithSpecialPrivileges,
               started_with_special_privs() != FALSE);
  out.add_bool(schema::Engine::kRunningWithSpecialPrivileges,
               running_with_special_privs() != FALSE);
  AddFolders(&out);
  AddFieldCount(&out);
  return message;
}

}  // namespace

absl::Status DescribeLibraries(const QueryContext&, absl::string_view,
                               SendResponse send) {
  std::string response;
  protozero::pbf_builder<schema::GetServerInfoResponse>(response).add_message(
      schema::GetServerInfoResponse::kEngines, EngineMessage());
  return send(response);
}

}  // namespace dissectd::engine
