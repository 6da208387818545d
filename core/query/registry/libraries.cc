// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/registry/libraries.h"

#include <protozero/pbf_builder.hpp>
#include <string>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "core/base/utf8.h"
#include "core/epan/library.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

// Field numbers, as in proto/dissectd/v1/server.proto.
enum class ResponseTag : protozero::pbf_tag_type {
  kLibraries = 2,
  kCompiledFeatures,
  kRuntimeFeatures,
  kIdentity,
};
enum class VersionsTag : protozero::pbf_tag_type { kWireshark = 1, kGlib };
enum class FeatureTag : protozero::pbf_tag_type { kDescription = 1, kPresent };
enum class IdentityTag : protozero::pbf_tag_type { kStarted = 5, kRunning };

using Response = protozero::pbf_builder<ResponseTag>;

void AddFeatures(ResponseTag tag, gather_feature_func gather, Response* out) {
  GList* features = nullptr;
  const absl::Cleanup free = [&features] { free_features(&features); };
  gather(&features);
  // Each was put before the others.
  features = g_list_reverse(features);
  for (const GList* item = features; item != nullptr; item = item->next) {
    // A plus or minus, and the description.
    const std::string feature = static_cast<const char*>(item->data);
    protozero::pbf_builder<FeatureTag> message(*out, tag);
    message.add_string(FeatureTag::kDescription,
                       MakeValidUtf8(feature.substr(1)));
    message.add_bool(FeatureTag::kPresent, feature.front() == '+');
  }
}

}  // namespace

// Messages of protobuf that follow each other are one message: fields of the
// second are added to the first.
absl::Status DescribeLibraries(const QueryContext&, absl::string_view request,
                               SendResponse send) {
  std::string response(request);
  Response out(response);
  {
    protozero::pbf_builder<VersionsTag> versions(out, ResponseTag::kLibraries);
    versions.add_string(VersionsTag::kWireshark, WiresharkVersion());
    versions.add_string(
        VersionsTag::kGlib,
        absl::StrCat(glib_major_version, ".", glib_minor_version, ".",
                     glib_micro_version));
  }
  AddFeatures(ResponseTag::kCompiledFeatures, epan_gather_compile_info, &out);
  AddFeatures(ResponseTag::kRuntimeFeatures, epan_gather_runtime_info, &out);
  {
    protozero::pbf_builder<IdentityTag> identity(out, ResponseTag::kIdentity);
    identity.add_bool(IdentityTag::kStarted,
                      started_with_special_privs() != FALSE);
    identity.add_bool(IdentityTag::kRunning,
                      running_with_special_privs() != FALSE);
  }
  return send(response);
}

}  // namespace dissectd::engine
