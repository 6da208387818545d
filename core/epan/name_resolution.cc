// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/name_resolution.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

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
  const int fd = memfd_create("hosts", MFD_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, "can't store host names");
  absl::Cleanup close_fd = [fd] { close(fd); };
  for (size_t done = 0; done < hosts.size();) {
    const ssize_t written = write(fd, hosts.data() + done, hosts.size() - done);
    if (written < 0) {
      return absl::ErrnoToStatus(errno, "can't store host names");
    }
    done += static_cast<size_t>(written);
  }
  if (!add_hosts_file(absl::StrCat("/proc/self/fd/", fd).c_str())) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "The hosts file has no entry.", {"HOSTS_EMPTY", {}, {}});
  }
  // libwireshark reads the file again whenever an epan is opened.
  std::move(close_fd).Cancel();
  return absl::OkStatus();
}

}  // namespace dissectd::engine
