// SPDX-License-Identifier: Apache-2.0

#include <malloc.h>

#include "clients/cli/closed_streams.h"
#include "clients/cli/command_line.h"
#include "clients/cli/flush_output.h"
#include "clients/cli/library_logs.h"
#include "clients/cli/tshark/tshark_command.h"

namespace {

// Keeps freed memory: thousands of messages are larger than what glibc retains
// by default, and getting the memory from the kernel again takes longer than
// parsing.
void KeepFreedMemory() {
  constexpr int kMmapThreshold = 32 << 20;
  constexpr int kTrimThreshold = 64 << 20;
  mallopt(M_MMAP_THRESHOLD, kMmapThreshold);
  mallopt(M_TRIM_THRESHOLD, kTrimThreshold);
}

// gRPC opens descriptors when it is loaded, so this runs before the code of any
// library.
using Function = void (*)();
__attribute__((section(".preinit_array"), used))
const Function kBeforeLibraries = dissectd::cli::OpenClosedStreams;

}  // namespace

int main(int argc, char** argv) {
  KeepFreedMemory();
  dissectd::cli::SilenceLibraries();
  if (const auto line = dissectd::cli::tshark::TsharkCommandLine(argc, argv);
      line.has_value()) {
    return dissectd::cli::tshark::RunTshark(*line);
  }
  return dissectd::cli::FlushOutput(dissectd::cli::RunCommandLine(argc, argv));
}
