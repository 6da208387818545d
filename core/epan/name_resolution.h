// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_NAME_RESOLUTION_H_
#define CORE_EPAN_NAME_RESOLUTION_H_

#include <optional>
#include <string>

#include "absl/status/status.h"

namespace dissectd::engine {

// The kinds of names to resolve: tshark's `-N`. Absent ones are as they are.
struct NameResolutionFlags {
  bool mac = false;
  bool network = false;
  bool transport = false;
  bool captured_dns = false;
  bool external_resolver = false;
  bool vlan = false;
  std::optional<bool> handshake_sni = {};
  std::optional<bool> ss7_point_codes = {};
  std::optional<bool> geoip = {};
};

// Sets which names this process resolves. Without `flags`, only makes sure that
// no name server is asked unless that is allowed. Call it after preferences are
// applied, which set the profile's choice.
//
// Errors: FAILED_PRECONDITION (EXTERNAL_RESOLVER_NOT_ALLOWED) if `flags` ask
// for name servers and `allow_external` is false; UNIMPLEMENTED
// (ENGINE_TOO_OLD) if this version of Wireshark can't switch a kind of names.
absl::Status ApplyNameResolution(
    const std::optional<NameResolutionFlags>& flags, bool allow_external);

// Returns which names this process resolves.
NameResolutionFlags CurrentNameResolution();

// Returns whether these arguments of ApplyNameResolution make libwireshark ask
// name servers.
bool AsksNameServers(const std::optional<NameResolutionFlags>& flags,
                     bool allow_external);

// Adds host names in the format of a hosts file, for the rest of the process's
// life. Errors: INVALID_ARGUMENT (HOSTS_EMPTY) if there is no entry, as in
// tshark's -H.
absl::Status AddHosts(const std::string& hosts);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_NAME_RESOLUTION_H_
