// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_NO_NAME_SERVERS_H_
#define CORE_EPAN_NO_NAME_SERVERS_H_

#include "core/epan/wireshark.h"

namespace dissectd::engine {

// While this exists, libwireshark doesn't look up host names on the network
// that it finds in texts, as such texts may be untrusted.
class NoNameServers {
 public:
  NoNameServers() : resolves_(gbl_resolv_flags.network_name) {
    gbl_resolv_flags.network_name = FALSE;
  }
  ~NoNameServers() { gbl_resolv_flags.network_name = resolves_; }
  NoNameServers(const NoNameServers&) = delete;
  NoNameServers& operator=(const NoNameServers&) = delete;

 private:
  const gboolean resolves_;
};

}  // namespace dissectd::engine

#endif  // CORE_EPAN_NO_NAME_SERVERS_H_
