// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/keytab.h"

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/epan/memory_file.h"

// libwireshark exports this function, but no installed header declares it.
// NOLINTNEXTLINE(readability-identifier-naming): the name is libwireshark's.
extern "C" void read_keytab_file(const char* path);

namespace dissectd::engine {

absl::Status AddKeytab(absl::string_view content) {
  // The versions of the format. libwireshark reports that it can't read a
  // keytab only in a text on standard error.
  if (!absl::StartsWith(content, "\x05\x01") &&
      !absl::StartsWith(content, "\x05\x02")) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "The Kerberos keytab isn't in the format of one.",
                     {"KEYTAB_INVALID", {}, {}});
  }
  ASSIGN_OR_RETURN(const std::string path, MakeMemoryFile(content));
  read_keytab_file(path.c_str());
  return absl::OkStatus();
}

}  // namespace dissectd::engine
