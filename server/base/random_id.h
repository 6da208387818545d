// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_RANDOM_ID_H_
#define SERVER_BASE_RANDOM_ID_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dissectd::server {

// Returns a new id for a resource. It can't be guessed, as anyone who knows it
// can use the resource.
std::string NewRandomId();

// Returns whether a text has the form of such an id.
bool IsRandomId(absl::string_view text);

}  // namespace dissectd::server

#endif  // SERVER_BASE_RANDOM_ID_H_
