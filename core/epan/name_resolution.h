// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_NAME_RESOLUTION_H_
#define CORE_EPAN_NAME_RESOLUTION_H_

#include <optional>
#include <string>

#include "absl/status/status.h"

namespace dissectd::engine {

// Which names are resolved: tshark's `-N`.
struct NameResolutionFlags {
  bool mac = false;
  bool network = false;
  bool transport = false;
  bool captured_dns = false;
  bool external_resolver = false;
  bool vlan = false;
};

// Sets which names this process resolves; without `flags` only makes sure that
// no name server is asked unless that is allowed. Call after preferences are
// applied, which set the profile's choice.
//
// Errors: FAILED_PRECONDITION (EXTERNAL_RESOLVER_NOT_ALLOWED) if `flags` ask
// for name servers and `allow_external` is false.
absl::Status ApplyNameResolution(
    const std::optional<NameResolutionFlags>& flags, bool allow_external);

// Which names this process resolves.
NameResolutionFlags CurrentNameResolution();

// Whether name servers would be asked with these arguments of
// ApplyNameResolution.
bool AsksNameServers(const std::optional<NameResolutionFlags>& flags,
                     bool allow_external);

// Adds host names in the format of a hosts file, for the rest of the process's
// life. Errors: INVALID_ARGUMENT (HOSTS_EMPTY) if there is no entry, as in
// tshark's -H.
absl::Status AddHosts(const std::string& hosts);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_NAME_RESOLUTION_H_
