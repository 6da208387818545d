// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_CRC32C_H_
#define SERVER_BASE_CRC32C_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace dissectd::server {

// Returns the CRC-32C (Castagnoli) of the bytes, as used by iSCSI and ext4.
uint32_t Crc32c(absl::string_view bytes);

}  // namespace dissectd::server

#endif  // SERVER_BASE_CRC32C_H_
