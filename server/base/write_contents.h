// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_WRITE_CONTENTS_H_
#define SERVER_BASE_WRITE_CONTENTS_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace dissectd::server {

// Writes all bytes into a file, from `offset` on. Returns the error number; 0
// if there is none. After an error, the first part of the bytes may be written.
[[nodiscard]] int WriteContents(int file, absl::string_view bytes,
                                uint64_t offset = 0);

}  // namespace dissectd::server

#endif  // SERVER_BASE_WRITE_CONTENTS_H_
