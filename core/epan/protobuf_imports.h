// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_PROTOBUF_IMPORTS_H_
#define CORE_EPAN_PROTOBUF_IMPORTS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dissectd::engine {

// Returns whether a .proto file could import a file by its absolute path, or
// libwireshark could read it so. It doesn't follow imports out of a folder by
// `..`, but opens any absolute path, and tells the client what is in that file
// if it isn't a schema.
bool HasAbsoluteImport(absl::string_view proto);

// Checks all files in a folder and the folders in it, as any of them can be
// imported. `name` is the preference that names the folder. Errors:
// INVALID_ARGUMENT (PREFERENCE_NAMES_FILE); INTERNAL.
absl::Status CheckImportsIn(const std::string& folder, const std::string& name);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_PROTOBUF_IMPORTS_H_
