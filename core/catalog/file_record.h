// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_FILE_RECORD_H_
#define CORE_CATALOG_FILE_RECORD_H_

#include <cstdint>
#include <string>

#include "core/epan/wireshark.h"

namespace dissectd {

// A serialised dissectd.v1.FileRecord.
std::string RecordMessage(uint32_t number, int64_t offset,
                          const wtap_rec& record);

}  // namespace dissectd

#endif  // CORE_CATALOG_FILE_RECORD_H_
