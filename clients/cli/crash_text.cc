// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/crash_text.h"

#include <cstring>

#include "absl/strings/str_cat.h"

namespace dissectd::cli {

std::string CrashText(const v1::Crash& crash) {
  std::string where;
  if (crash.frame_number() != 0) {
    where = absl::StrCat(" in frame ", crash.frame_number());
  }
  if (!crash.protocol().empty()) {
    absl::StrAppend(&where, " (", crash.protocol(), ")");
  }
  return absl::StrCat("The dissection process died", where, ": ",
                      crash.signal() != 0
                          ? strsignal(crash.signal())
                          : absl::StrCat("exit status ", crash.exit_status()));
}

}  // namespace dissectd::cli
