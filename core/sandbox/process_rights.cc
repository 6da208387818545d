// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/sandbox/process_rights.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace dissectd {

absl::Status GiveUpRights() {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return absl::ErrnoToStatus(errno, "no_new_privs can't be set");
  }
  // Without CAP_SETPCAP this fails, but no_new_privs has the same effect.
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0;
       ++capability) {
    prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  }
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
  // The kernel then clears the ambient capabilities, too.
  if (syscall(SYS_capset, &header, none) != 0) {
    return absl::ErrnoToStatus(errno, "capabilities can't be given up");
  }
  return absl::OkStatus();
}

void KeepMemoryPrivate() {
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  // The kernel ignores the limit if it sends core dumps to a program, but dumps
  // no process that isn't dumpable.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace dissectd
