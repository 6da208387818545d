// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_FILTER_INSPECTION_H_
#define CORE_EPAN_FILTER_INSPECTION_H_

#include <string>
#include <vector>

#include "core/epan/epan.h"
#include "core/epan/handles.h"

// Facts about a compiled display filter, which must not be null.
namespace dissectd::engine {

// Returns the names of the fields and protocols that the filter refers to, each
// name once. Only for processes that have no other filter, as libwireshark
// marks fields for all of them.
std::vector<const header_field_info*> FieldsOfFilter(const dfilter_t* filter,
                                                     Epan* epan);

// Returns what is deprecated in the filter: sentences, or names of fields.
std::vector<std::string> DeprecatedInFilter(dfilter_t* filter);

// Returns the filter's program, as `dftest` prints it; empty if there is no
// memory for it.
std::string ByteCodeOf(dfilter_t* filter);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_FILTER_INSPECTION_H_
