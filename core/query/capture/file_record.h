// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_CAPTURE_FILE_RECORD_H_
#define CORE_QUERY_CAPTURE_FILE_RECORD_H_

#include <cstdint>
#include <string>

#include "core/epan/wireshark.h"

namespace dissectd::engine {

// Returns a serialised dissectd.v1.FileRecord.
std::string RecordMessage(uint32_t number, int64_t offset,
                          const wtap_rec& record);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_CAPTURE_FILE_RECORD_H_
