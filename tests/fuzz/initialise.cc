// SPDX-License-Identifier: GPL-2.0-or-later

// Initialises libwireshark for every target.

#include "absl/status/status.h"
#include "core/epan/library.h"
#include "spdlog/spdlog.h"

extern "C" int LLVMFuzzerInitialize(int*, char*** argv) {
  // Hides libwireshark's warnings about invalid input.
  spdlog::set_level(spdlog::level::critical);
  return dissectd::engine::InitLibrary((*argv)[0]).ok() ? 0 : 1;
}
