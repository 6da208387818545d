// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_CRC32C_H_
#define SERVER_BASE_CRC32C_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace dissectd::server {

// The CRC-32C (Castagnoli) of these bytes, as iSCSI and ext4 use it.
uint32_t Crc32c(absl::string_view bytes);

}  // namespace dissectd::server

#endif  // SERVER_BASE_CRC32C_H_
