// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/orphan.h"

#include <sys/types.h>

#include <csignal>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/read_files.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// Another process may have the same process id by now. Only the capture's own
// dumpcap has its folder in the command line, whose name is unique.
bool IsDumpcapOf(pid_t pid, const std::string& capture) {
  const std::string command_line =
      ContentOf(absl::StrCat("/proc/", pid, "/cmdline"));
  return absl::StrContains(command_line, absl::StrCat("/", capture, "/"));
}

}  // namespace

void EndOrphan(const CaptureHistory& history) {
  const std::string& name = history.description().name();
  for (const v1::CaptureEvent& event : history.log().events()) {
    if (!event.has_started()) continue;
    const pid_t pid = event.started().process_id();
    if (pid <= 1 || !IsDumpcapOf(pid, name)) continue;
    spdlog::warn("terminating dumpcap {}, which still runs for {}", pid, name);
    kill(pid, SIGTERM);
  }
}

}  // namespace dissectd::server
