// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/preference/profiles.h"

#include <protozero/pbf_builder.hpp>
#include <string>

#include "core/base/utf8.h"
#include "core/epan/name_resolution.h"
#include "core/epan/profile.h"

namespace dissectd::engine {
namespace {

// Field numbers, as in proto/dissectd/v1/preference.proto.
enum class ListResponseTag : protozero::pbf_tag_type { kProfiles = 1 };
enum class ProfileTag : protozero::pbf_tag_type {
  kName = 1,
  kGlobal,
  kCurrent,
};
enum class GetResponseTag : protozero::pbf_tag_type {
  kProfile = 1,
  kNameResolution,
  kProfileHosts,
  kGlobalHosts,
};
// As in proto/dissectd/v1/dissection.proto.
enum class ResolutionTag : protozero::pbf_tag_type {
  kMac = 1,
  kNetwork,
  kTransport,
  kCapturedDns,
  kExternalResolver,
  kVlan,
};

std::string ProfileMessage(const Profile& profile) {
  std::string message;
  protozero::pbf_builder<ProfileTag> out(message);
  out.add_string(ProfileTag::kName, MakeValidUtf8(profile.name));
  out.add_bool(ProfileTag::kGlobal, profile.global);
  out.add_bool(ProfileTag::kCurrent, profile.current);
  return message;
}

std::string ResolutionMessage(const NameResolutionFlags& flags) {
  std::string message;
  protozero::pbf_builder<ResolutionTag> out(message);
  out.add_bool(ResolutionTag::kMac, flags.mac);
  out.add_bool(ResolutionTag::kNetwork, flags.network);
  out.add_bool(ResolutionTag::kTransport, flags.transport);
  out.add_bool(ResolutionTag::kCapturedDns, flags.captured_dns);
  out.add_bool(ResolutionTag::kExternalResolver, flags.external_resolver);
  out.add_bool(ResolutionTag::kVlan, flags.vlan);
  return message;
}

}  // namespace

absl::Status ListProfiles(const QueryContext&, absl::string_view,
                          SendResponse send) {
  std::string response;
  protozero::pbf_builder<ListResponseTag> out(response);
  for (const Profile& profile : Profiles()) {
    out.add_message(ListResponseTag::kProfiles, ProfileMessage(profile));
  }
  return send(response);
}

absl::Status GetProfile(const QueryContext& context, absl::string_view,
                        SendResponse send) {
  NameResolutionFlags flags = CurrentNameResolution();
  if (!context.allow_external_resolver) flags.external_resolver = false;
  std::string response;
  protozero::pbf_builder<GetResponseTag> out(response);
  out.add_message(GetResponseTag::kProfile, ProfileMessage(CurrentProfile()));
  out.add_message(GetResponseTag::kNameResolution, ResolutionMessage(flags));
  out.add_bool(GetResponseTag::kProfileHosts, ReadsProfileHosts());
  out.add_bool(GetResponseTag::kGlobalHosts, ReadsGlobalHosts());
  return send(response);
}

}  // namespace dissectd::engine
