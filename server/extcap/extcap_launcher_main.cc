// SPDX-License-Identifier: GPL-2.0-or-later

// extcap-launcher PARENT PROGRAM ARGUMENT...: becomes an extcap program that
// has no capabilities, and that the kernel kills when the process that has
// started it, PARENT, ends. posix_spawn offers neither, and a process with
// threads can't fork and do it itself.

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

// The exit status of shells for a program that can't be run.
constexpr int kCannotRun = 127;

bool GiveUpCapabilities() {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
  return syscall(SYS_capset, &header, none) == 0;
}

int Fail(const char* what) {
  std::fprintf(stderr, "%s: %s\n", what, std::strerror(errno));
  return kCannotRun;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: extcap-launcher PARENT PROGRAM ARGUMENT...\n", stderr);
    return kCannotRun;
  }
  if (!GiveUpCapabilities()) return Fail("capabilities can't be dropped");
  // Changes of capabilities reset the signal, so that it comes after them.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return Fail("prctl");
  // The parent may have ended before.
  if (getppid() != std::atoi(argv[1])) return kCannotRun;
  execv(argv[2], argv + 2);
  return Fail(argv[2]);
}
