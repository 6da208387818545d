// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/name_resolution.h"

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/epan/engine_too_old.h"
#include "core/epan/memory_file.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

#if WIRESHARK_VERSION_MINOR == 0

// 4.0 takes no names from handshakes, and always looks for places.
absl::Status ApplyNewerKinds(const NameResolutionFlags& flags) {
  if (flags.handshake_sni.value_or(false)) {
    return EngineTooOld("names from TLS handshakes");
  }
  if (!flags.geoip.value_or(true)) {
    return EngineTooOld("a switch for the databases of GeoIP");
  }
  return absl::OkStatus();
}

void AddNewerKinds(NameResolutionFlags* flags) {
  flags->handshake_sni = false;
  flags->geoip = true;
}

#else

absl::Status ApplyNewerKinds(const NameResolutionFlags& flags) {
  if (flags.handshake_sni.has_value()) {
    gbl_resolv_flags.handshake_sni_addr_resolution = *flags.handshake_sni;
  }
  if (flags.geoip.has_value()) gbl_resolv_flags.maxmind_geoip = *flags.geoip;
  return absl::OkStatus();
}

void AddNewerKinds(NameResolutionFlags* flags) {
  flags->handshake_sni = gbl_resolv_flags.handshake_sni_addr_resolution;
  flags->geoip = gbl_resolv_flags.maxmind_geoip;
}

#endif

}  // namespace

absl::Status ApplyNameResolution(
    const std::optional<NameResolutionFlags>& flags, bool allow_external) {
  // Frames are sent only once, so an answer that comes later would be useless.
  set_resolution_synchrony(TRUE);
  if (flags.has_value()) {
    if (flags->external_resolver && !allow_external) {
      return MakeError(absl::StatusCode::kFailedPrecondition,
                       "This server doesn't ask name servers for clients.",
                       {"EXTERNAL_RESOLVER_NOT_ALLOWED", {}, {}});
    }
    gbl_resolv_flags.mac_name = flags->mac;
    gbl_resolv_flags.network_name = flags->network;
    gbl_resolv_flags.transport_name = flags->transport;
    gbl_resolv_flags.dns_pkt_addr_resolution = flags->captured_dns;
    gbl_resolv_flags.use_external_net_name_resolver = flags->external_resolver;
    gbl_resolv_flags.vlan_name = flags->vlan;
    if (flags->ss7_point_codes.has_value()) {
      gbl_resolv_flags.ss7pc_name = *flags->ss7_point_codes;
    }
    RETURN_IF_ERROR(ApplyNewerKinds(*flags));
  }
  if (!allow_external) gbl_resolv_flags.use_external_net_name_resolver = FALSE;
  return absl::OkStatus();
}

NameResolutionFlags CurrentNameResolution() {
  NameResolutionFlags flags;
  flags.mac = gbl_resolv_flags.mac_name != FALSE;
  flags.network = gbl_resolv_flags.network_name != FALSE;
  flags.transport = gbl_resolv_flags.transport_name != FALSE;
  flags.captured_dns = gbl_resolv_flags.dns_pkt_addr_resolution != FALSE;
  flags.external_resolver =
      gbl_resolv_flags.use_external_net_name_resolver != FALSE;
  flags.vlan = gbl_resolv_flags.vlan_name != FALSE;
  flags.ss7_point_codes = gbl_resolv_flags.ss7pc_name != FALSE;
  AddNewerKinds(&flags);
  return flags;
}

bool AsksNameServers(const std::optional<NameResolutionFlags>& flags,
                     bool allow_external) {
  if (!allow_external) return false;
  if (flags.has_value()) return flags->network && flags->external_resolver;
  return gbl_resolv_flags.network_name &&
         gbl_resolv_flags.use_external_net_name_resolver;
}

absl::Status AddHosts(const std::string& hosts) {
  // libwireshark reads the file again whenever an epan is opened.
  ASSIGN_OR_RETURN(const std::string path, MakeMemoryFile(hosts));
  if (add_hosts_file(path.c_str()) != FALSE) return absl::OkStatus();
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "The hosts file has no entry.", {"HOSTS_EMPTY", {}, {}});
}

}  // namespace dissectd::engine
