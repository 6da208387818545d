// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_STRICT_JSON_H_
#define SERVER_BASE_STRICT_JSON_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dissectd::server {

// Parses a JSON object. Errors: INVALID_ARGUMENT if the text isn't one, is
// nested deeply, or has an object with the same key twice, which programs
// understand in different ways. The message is for the operator: it names the
// line, and has no values, which may be secrets.
absl::StatusOr<nlohmann::json> ParseJsonObject(absl::string_view text);

// Returns a member of an object if it is a string.
std::optional<std::string> StringMember(const nlohmann::json& object,
                                        const char* name);

}  // namespace dissectd::server

#endif  // SERVER_BASE_STRICT_JSON_H_
