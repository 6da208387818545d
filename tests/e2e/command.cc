// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/command.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <utility>

namespace dissectd {

CommandOutput RunCommand(const std::string& command) {
  constexpr int kSignalled = 128;
  CommandOutput output = {};
  FILE* const pipe = popen(command.c_str(), "r");
  std::array<char, 4096> part;
  while (const size_t size = fread(part.data(), 1, part.size(), pipe)) {
    output.text.append(part.data(), size);
  }
  const int status = pclose(pipe);
  output.exit_status =
      WIFEXITED(status) ? WEXITSTATUS(status) : kSignalled + WTERMSIG(status);
  return output;
}

std::string OutputOf(const std::string& command) {
  CommandOutput output = RunCommand(command);
  EXPECT_EQ(output.exit_status, 0) << command;
  return std::move(output.text);
}

}  // namespace dissectd
