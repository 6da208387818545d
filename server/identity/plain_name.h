// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_IDENTITY_PLAIN_NAME_H_
#define SERVER_IDENTITY_PLAIN_NAME_H_

#include "absl/strings/string_view.h"

namespace dissectd::server {

// Returns whether a text can be the name of a caller or a group: 1 to 255
// printable ASCII characters without blanks, so that it can't pretend to be
// something else in a line of a log or a file.
bool IsPlainName(absl::string_view text);

}  // namespace dissectd::server

#endif  // SERVER_IDENTITY_PLAIN_NAME_H_
