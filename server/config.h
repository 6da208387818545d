// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CONFIG_H_
#define SERVER_CONFIG_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/base/logging.h"

namespace dissectd::server {

// How the daemon runs: from the command line, and a file for what that leaves
// out.
struct ServerConfig {
  // `HOST:PORT` or `unix:/PATH`.
  std::vector<std::string> listen = {"localhost:50051"};
  // The folder of captures.
  std::string store;
  LogOptions log;
  // The program; empty to look for it beside this one.
  std::string engine;
  // A path, or the name of a program that is looked for in PATH.
  std::string dumpcap = "dumpcap";
  // The folder of named pipes that may be captured from; empty if none may.
  std::string pipes;
  // Captures that run at a time.
  uint32_t max_captures = 64;
  // Dissections that run at a time.
  uint32_t max_workers = 64;
  // Processes that share the second pass of one dissection, at most.
  uint32_t pass_workers =
      std::clamp(std::thread::hardware_concurrency(), 1u, 64u);
  // Bytes of all uploads together.
  uint64_t upload_quota_bytes = uint64_t{10} << 30;
  // How long calls may go on after SIGTERM.
  std::chrono::seconds drain_timeout{10};
  // The profile of Wireshark that calls begin with.
  std::string profile = "Default";
  // Let clients have host names looked up on the network.
  bool allow_external_resolver = false;
};

// Fills in `config`. Returns the exit status of the process if it has nothing
// more to do: after printing help, or what is wrong.
std::optional<int> ParseConfig(int argc, char** argv, ServerConfig* config);

}  // namespace dissectd::server

#endif  // SERVER_CONFIG_H_
