// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/registry/libraries.h"

#include <protozero/pbf_builder.hpp>
#include <string>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "core/base/utf8.h"
#include "core/epan/library.h"
#include "core/epan/wireshark.h"
#include "dissectd/v1/server.schema.h"

namespace dissectd::engine {
namespace {

using Response = protozero::pbf_builder<schema::GetServerInfoResponse>;

void AddFeatures(schema::GetServerInfoResponse tag, gather_feature_func gather,
                 Response* out) {
  GList* features = nullptr;
  const absl::Cleanup free = [&features] { free_features(&features); };
  gather(&features);
  // libwireshark prepends each item.
  features = g_list_reverse(features);
  for (const GList* item = features; item != nullptr; item = item->next) {
    // Each item is a plus or minus, then the description.
    const std::string feature = static_cast<const char*>(item->data);
    protozero::pbf_builder<schema::Feature> message(*out, tag);
    message.add_string(schema::Feature::kDescription,
                       MakeValidUtf8(feature.substr(1)));
    message.add_bool(schema::Feature::kPresent, feature.front() == '+');
  }
}

}  // namespace

// Concatenated protobuf messages are one message, to which each adds its
// fields.
absl::Status DescribeLibraries(const QueryContext&, absl::string_view request,
                               SendResponse send) {
  std::string response(request);
  Response out(response);
  {
    protozero::pbf_builder<schema::LibraryVersions> versions(
        out, schema::GetServerInfoResponse::kLibraries);
    versions.add_string(schema::LibraryVersions::kWireshark,
                        WiresharkVersion());
    versions.add_string(
        schema::LibraryVersions::kGlib,
        absl::StrCat(glib_major_version, ".", glib_minor_version, ".",
                     glib_micro_version));
  }
  AddFeatures(schema::GetServerInfoResponse::kCompiledFeatures,
              epan_gather_compile_info, &out);
  AddFeatures(schema::GetServerInfoResponse::kRuntimeFeatures,
              epan_gather_runtime_info, &out);
  {
    protozero::pbf_builder<schema::ProcessIdentity> identity(
        out, schema::GetServerInfoResponse::kIdentity);
    identity.add_bool(schema::ProcessIdentity::kStartedWithSpecialPrivileges,
                      started_with_special_privs() != FALSE);
    identity.add_bool(schema::ProcessIdentity::kRunningWithSpecialPrivileges,
                      running_with_special_privs() != FALSE);
  }
  return send(response);
}

}  // namespace dissectd::engine
