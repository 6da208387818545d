// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/command_line.h"

int main(int argc, char** argv) {
  return dissectd::cli::RunCommandLine(argc, argv);
}
