// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/flush_output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/cli/error_text.h"

namespace dissectd::cli {

ExitCode FlushOutput(ExitCode code) {
  const bool failed_now = std::fflush(stdout) != 0;
  const int error = errno;
  if ((!failed_now && std::ferror(stdout) == 0) || code != kExitOk) return code;
  PrintError(failed_now
                 ? absl::StrCat("Can't write to standard output: ",
                                std::strerror(error))
                 : std::string("Can't write everything to standard output"));
  return kExitOutput;
}

}  // namespace dissectd::cli
