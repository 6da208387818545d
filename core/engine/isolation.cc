// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/engine/isolation.h"

#include <sys/prctl.h>

#include <csignal>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "core/epan/folders.h"
#include "core/epan/geoip.h"
#include "core/sandbox/file_access.h"
#include "core/sandbox/process_rights.h"
#include "core/sandbox/worker_sandbox.h"
#include "spdlog/spdlog.h"

namespace dissectd::engine {
namespace {

// What the C library, libwireshark and mmdbresolve read when they are needed:
// libraries, character sets, time zones and the names of hosts and services.
constexpr const char* kReadable[] = {
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/share/zoneinfo",
    "/etc/ethers",
    "/etc/gai.conf",
    "/etc/host.conf",
    "/etc/hosts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/nsswitch.conf",
    "/etc/protocols",
    "/etc/resolv.conf",
    "/etc/services",
    "/dev/null",
    "/dev/urandom",
};

// The programs that load dynamically linked programs.
constexpr const char* kInterpreters[] = {
    "/lib64/ld-linux-x86-64.so.2",
    "/lib/ld-linux-aarch64.so.1",
};

// Whether libwireshark reads files of a folder while it dissects.
bool IsReadLate(absl::string_view purpose) {
  for (const char* late :
       {"Personal configuration", "Global configuration", "Global Plugins",
        "MaxMind database path", "MIB/PIB path"}) {
    if (purpose == late) return true;
  }
  return false;
}

SandboxOptions OptionsOfSandbox(bool network) {
  SandboxOptions options;
  options.network = network;
  options.readable.assign(std::begin(kReadable), std::end(kReadable));
  for (const Folder& folder : LibraryFolders()) {
    if (IsReadLate(folder.purpose)) options.readable.push_back(folder.path);
  }
  options.executable.assign(std::begin(kInterpreters), std::end(kInterpreters));
  options.executable.push_back(GeoIpProgram());
  return options;
}

}  // namespace

absl::Status BeginIsolation() {
  RETURN_IF_ERROR(GiveUpRights());
  // The sanitizer looks for leaks at the end, for which it needs this.
  if (!kHasSanitizer) KeepMemoryPrivate();
  // The engine ends when the channel to its parent closes. If it is stopped, it
  // has to continue first.
  prctl(PR_SET_PDEATHSIG, SIGCONT);
  return absl::OkStatus();
}

absl::Status EnterSandbox(const IsolationOptions& options) {
  if (LandlockVersion() == 0) {
    spdlog::warn(
        "this kernel has no Landlock: workers can read what the daemon's user "
        "can");
  }
  RETURN_IF_ERROR(WorkerSandbox::Prepare(OptionsOfSandbox(options.network)));
  const absl::Status confined = WorkerSandbox::ConfineEngine();
  if (!absl::IsUnimplemented(confined)) return confined;
  if (!options.allow_without_sandbox) {
    return absl::FailedPreconditionError(absl::StrCat(
        "this kernel can't filter system calls (", confined.message(),
        "), so that workers would have no sandbox; start the daemon with "
        "--allow-without-sandbox to run it all the same"));
  }
  spdlog::warn("workers have no sandbox, as this kernel can't filter calls");
  WorkerSandbox::ForgoFilters();
  return absl::OkStatus();
}

}  // namespace dissectd::engine
