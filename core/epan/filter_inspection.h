// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_FILTER_INSPECTION_H_
#define CORE_EPAN_FILTER_INSPECTION_H_

#include <string>
#include <vector>

#include "core/epan/epan.h"
#include "core/epan/handles.h"

// What is known of a compiled display filter, which is never null here.
namespace dissectd::engine {

// The fields and protocols that it refers to, by name, each name once. For
// processes that have no other filter, as libwireshark marks fields for all.
std::vector<const header_field_info*> FieldsOfFilter(const dfilter_t* filter,
                                                     Epan* epan);

// What it says that is deprecated: sentences, or names of fields.
std::vector<std::string> DeprecatedInFilter(dfilter_t* filter);

// Its program, as `dftest` prints it; empty if there is no memory for it.
std::string ByteCodeOf(dfilter_t* filter);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_FILTER_INSPECTION_H_
