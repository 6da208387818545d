// SPDX-License-Identifier: Apache-2.0

#include <malloc.h>

#include "clients/cli/command_line.h"

namespace {

// Messages come and go by the thousand, each larger than what glibc keeps when
// it is freed: to ask the kernel for it again takes longer than to parse it.
void KeepFreedMemory() {
  constexpr int kMmapThreshold = 32 << 20;
  constexpr int kTrimThreshold = 64 << 20;
  mallopt(M_MMAP_THRESHOLD, kMmapThreshold);
  mallopt(M_TRIM_THRESHOLD, kTrimThreshold);
}

}  // namespace

int main(int argc, char** argv) {
  KeepFreedMemory();
  return dissectd::cli::RunCommandLine(argc, argv);
}
