// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_IDENTITY_BASE64URL_H_
#define SERVER_IDENTITY_BASE64URL_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace dissectd::server {

// Decodes base64url as in JSON Web Signatures: without padding, white space or
// bits that mean nothing. Returns nothing if the text is anything else.
std::optional<std::string> DecodeBase64Url(absl::string_view text);

}  // namespace dissectd::server

#endif  // SERVER_IDENTITY_BASE64URL_H_
