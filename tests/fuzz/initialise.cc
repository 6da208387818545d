// SPDX-License-Identifier: GPL-2.0-or-later

// What every target does first.

#include "absl/status/status.h"
#include "core/epan/library.h"
#include "spdlog/spdlog.h"

extern "C" int LLVMFuzzerInitialize(int*, char*** argv) {
  // Warnings of libwireshark about what it is given are of no interest here.
  spdlog::set_level(spdlog::level::critical);
  return dissectd::engine::InitLibrary((*argv)[0]).ok() ? 0 : 1;
}
