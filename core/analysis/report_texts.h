// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_REPORT_TEXTS_H_
#define CORE_ANALYSIS_REPORT_TEXTS_H_

// What tshark of the engine's version writes differently in reports.

#include "core/epan/wireshark.h"

namespace dissectd::engine {

#if WIRESHARK_VERSION_MINOR == 0

// The word for a preference that is set.
inline constexpr char kTrueWord[] = "TRUE";
// Whether the heads of tables of response times have the report's filter.
inline constexpr bool kHeadsHaveFilter = false;
// Whether the hierarchy of protocols has comments of packets.
inline constexpr bool kHierarchyHasComments = true;

#else

inline constexpr char kTrueWord[] = "true";
inline constexpr bool kHeadsHaveFilter = true;
inline constexpr bool kHierarchyHasComments = false;

#endif

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_REPORT_TEXTS_H_
