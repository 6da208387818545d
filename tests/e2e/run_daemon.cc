// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/run_daemon.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace dissectd {
namespace {

// Returns the inodes of a process's sockets.
std::set<std::string> SocketsOf(pid_t pid) {
  std::set<std::string> inodes;
  const std::string folder = "/proc/" + std::to_string(pid) + "/fd";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::error_code gone;
    const std::string target =
        std::filesystem::read_symlink(entry.path(), gone).string();
    if (absl::StartsWith(target, "socket:[")) {
      inodes.insert(target.substr(8, target.size() - 9));
    }
  }
  return inodes;
}

}  // namespace

CommandOutput RunDaemon(const std::string& arguments) {
  return RunCommand("timeout 60 server/dissectd " + arguments + " 2>&1");
}

int ListeningPort(pid_t pid) {
  const std::set<std::string> inodes = SocketsOf(pid);
  for (const char* table : {"tcp", "tcp6"}) {
    std::ifstream sockets("/proc/" + std::to_string(pid) + "/net/" + table);
    std::string line;
    std::getline(sockets, line);
    while (std::getline(sockets, line)) {
      // The index, the address, the peer, the state and, as the tenth, the
      // inode.
      const std::vector<std::string> fields =
          absl::StrSplit(line, ' ', absl::SkipEmpty());
      if (fields.size() > 9 && fields[3] == "0A" &&
          inodes.count(fields[9]) > 0) {
        return std::stoi(fields[1].substr(fields[1].find(':') + 1), nullptr,
                         16);
      }
    }
  }
  return 0;
}

}  // namespace dissectd
