// SPDX-License-Identifier: GPL-2.0-or-later

// Reads any bytes as the daemon's configuration file.

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/config.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const int file = memfd_create("config", MFD_CLOEXEC);
  if (file < 0 || write(file, data, size) != static_cast<ssize_t>(size)) {
    std::abort();
  }
  std::string program = "dissectd";
  std::string store = "--store=.";
  std::string path = absl::StrCat("--config=/proc/self/fd/", file);
  std::array<char*, 4> arguments = {program.data(), store.data(), path.data(),
                                    nullptr};
  dissectd::server::ServerConfig config;
  dissectd::server::ParseConfig(3, arguments.data(), &config);
  close(file);
  return 0;
}
