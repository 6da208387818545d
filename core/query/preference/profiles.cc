// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/preference/profiles.h"

#include <protozero/pbf_builder.hpp>
#include <string>

#include "core/base/utf8.h"
#include "core/epan/name_resolution.h"
#include "core/epan/profile.h"
#include "dissectd/v1/dissection.schema.h"
#include "dissectd/v1/preference.schema.h"

namespace dissectd::engine {
namespace {

std::string ProfileMessage(const Profile& profile) {
  std::string message;
  protozero::pbf_builder<schema::Profile> out(message);
  out.add_string(schema::Profile::kName, MakeValidUtf8(profile.name));
  out.add_bool(schema::Profile::kGlobal, profile.global);
  out.add_bool(schema::Profile::kCurrent, profile.current);
  return message;
}

std::string ResolutionMessage(const NameResolutionFlags& flags) {
  std::string message;
  protozero::pbf_builder<schema::NameResolution> out(message);
  out.add_bool(schema::NameResolution::kMac, flags.mac);
  out.add_bool(schema::NameResolution::kNetwork, flags.network);
  out.add_bool(schema::NameResolution::kTransport, flags.transport);
  out.add_bool(schema::NameResolution::kCapturedDns, flags.captured_dns);
  out.add_bool(schema::NameResolution::kExternalResolver,
               flags.external_resolver);
  out.add_bool(schema::NameResolution::kVlan, flags.vlan);
  out.add_bool(schema::NameResolution::kHandshakeSni,
               flags.handshake_sni.value_or(false));
  out.add_bool(schema::NameResolution::kSs7PointCodes,
               flags.ss7_point_codes.value_or(false));
  out.add_bool(schema::NameResolution::kGeoip, flags.geoip.value_or(false));
  return message;
}

}  // namespace

absl::Status ListProfiles(const QueryContext&, absl::string_view,
                          SendResponse send) {
  std::string response;
  protozero::pbf_builder<schema::ListProfilesResponse> out(response);
  for (const Profile& profile : Profiles()) {
    out.add_message(schema::ListProfilesResponse::kProfiles,
                    ProfileMessage(profile));
  }
  return send(response);
}

absl::Status GetCurrentProfile(const QueryContext& context, absl::string_view,
                               SendResponse send) {
  NameResolutionFlags flags = CurrentNameResolution();
  if (!context.allow_external_resolver) flags.external_resolver = false;
  std::string response;
  protozero::pbf_builder<schema::GetCurrentProfileResponse> out(response);
  out.add_message(schema::GetCurrentProfileResponse::kProfile,
                  ProfileMessage(CurrentProfile()));
  out.add_message(schema::GetCurrentProfileResponse::kNameResolution,
                  ResolutionMessage(flags));
  out.add_bool(schema::GetCurrentProfileResponse::kProfileHosts,
               ReadsProfileHosts());
  out.add_bool(schema::GetCurrentProfileResponse::kGlobalHosts,
               ReadsGlobalHosts());
  return send(response);
}

}  // namespace dissectd::engine
