// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef BENCH_SESSION_CLIENT_H_
#define BENCH_SESSION_CLIENT_H_

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <string>

namespace dissectd {

// What clients ask a session.
struct SessionLoad {
  // A capture of the store.
  std::string file;
  // The display filter of the packet list; empty for all frames.
  std::string filter;
  // The clients that ask at the same time.
  size_t clients = 16;
  // The questions of each client.
  size_t calls = 100;
  // The average time between a client's questions, as of a person who looks at
  // the answers.
  uint32_t pause_ms = 500;
};

// Adds the modes of load_client that measure sessions. `server` and `load` are
// not owned and outlive `app`.
void AddSessionModes(CLI::App* app, const std::string* server,
                     SessionLoad* load);

}  // namespace dissectd

#endif  // BENCH_SESSION_CLIENT_H_
