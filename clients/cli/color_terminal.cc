// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/color_terminal.h"

#include <unistd.h>

#include <cstdlib>

#include "absl/strings/string_view.h"

namespace dissectd::cli {

bool IsColorTerminal() {
  const char* const colors = std::getenv("COLORTERM");
  if (colors == nullptr || isatty(STDOUT_FILENO) == 0) return false;
  const absl::string_view name = colors;
  return name == "truecolor" || name == "24bit";
}

}  // namespace dissectd::cli
