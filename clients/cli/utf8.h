// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_UTF8_H_
#define CLIENTS_CLI_UTF8_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace dissectd::cli {

// Returns whether protobuf accepts `text` as a string: valid UTF-8 without
// surrogates.
bool IsValidUtf8(absl::string_view text);

// Returns the number of bytes of the valid character that `text`, which isn't
// empty, begins with; 0 if it begins with none.
size_t Utf8CharacterLength(absl::string_view text);

// Returns `text` with U+FFFD in place of each byte that belongs to no valid
// character.
std::string ReplaceInvalidUtf8(absl::string_view text);

// Assigns `text` to one of two fields of a request: to the string if it is
// valid UTF-8, otherwise to the bytes.
void AssignText(absl::string_view text, std::string* as_string,
                std::string* as_bytes);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_UTF8_H_
