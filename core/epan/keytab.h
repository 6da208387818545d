// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_KEYTAB_H_
#define CORE_EPAN_KEYTAB_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dissectd::engine {

// Gives libwireshark the Kerberos keys of a keytab, as tshark's `-K` does.
// Errors: INVALID_ARGUMENT (KEYTAB_INVALID); those of MakeMemoryFile.
absl::Status AddKeytab(absl::string_view content);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_KEYTAB_H_
