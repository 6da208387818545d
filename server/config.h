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

// The configuration of the daemon, from the command line and, for options that
// aren't there, from a file.
struct ServerConfig {
  // `HOST:PORT` or `unix:/PATH`.
  std::vector<std::string> listen = {"localhost:50051"};
  // The folder of captures.
  std::string store;
  LogOptions log;
  // The path of the engine; empty to look for it next to this program.
  std::string engine;
  // A path, or the name of a program that is looked for in PATH.
  std::string dumpcap = "dumpcap";
  // The folder of named pipes that clients may capture from; empty for none.
  std::string pipes;
  // The interfaces of extcap programs that clients may capture from.
  std::vector<std::string> extcap;
  // The folder of extcap programs; empty for that of Wireshark.
  std::string extcap_folder;
  // The limit of concurrent calls.
  uint32_t max_calls = 1000;
  // The limit of concurrent captures.
  uint32_t max_captures = 64;
  // The limit of concurrent dissections.
  uint32_t max_workers = 64;
  // The limit of processes that share the second pass of a dissection.
  uint32_t pass_workers =
      std::clamp(std::thread::hardware_concurrency(), 1u, 64u);
  // The limit of all uploads and exports together, in bytes.
  uint64_t upload_quota_bytes = uint64_t{10} << 30;
  // The time that calls have to finish after SIGTERM.
  std::chrono::seconds drain_timeout{10};
  // The Wireshark profile that all calls start with.
  std::string profile = "Default";
  // Whether clients may have host names looked up on the network.
  bool allow_external_resolver = false;
  // Whether calls may have scripts in Lua, which run with the daemon's rights.
  bool allow_lua = false;
};

// Fills in `config`. Returns the exit status of the process if it has nothing
// more to do, after printing help or an error.
std::optional<int> ParseConfig(int argc, char** argv, ServerConfig* config);

}  // namespace dissectd::server

#endif  // SERVER_CONFIG_H_
