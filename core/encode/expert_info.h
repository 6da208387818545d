// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_EXPERT_INFO_H_
#define CORE_ENCODE_EXPERT_INFO_H_

#include <cstdint>

#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {

// Return the severity and the group in the flags of a field_info; kUnspecified
// if there is none, or the API doesn't define it.
schema::Severity SeverityOf(uint32_t flags);
schema::ExpertGroup ExpertGroupOf(uint32_t flags);

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_EXPERT_INFO_H_
