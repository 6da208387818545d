// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_FIELD_MESSAGE_H_
#define CORE_ENCODE_FIELD_MESSAGE_H_

#include <string>

#include "core/epan/wireshark.h"

namespace dissectd::engine {

// Returns a dissectd.v1.Field without the parts that only RegistryService
// sends.
std::string FieldMessage(const header_field_info* field);

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_FIELD_MESSAGE_H_
