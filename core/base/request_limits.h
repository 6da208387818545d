// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_BASE_REQUEST_LIMITS_H_
#define CORE_BASE_REQUEST_LIMITS_H_

#include <chrono>
#include <cstdint>

// The limits on the values of requests, which hold wherever a value can be
// given. Clients find most of them in dissectd.v1.ServerLimits.
namespace dissectd {

// The length of a filter, in bytes. Much longer ones overflow the stack of
// libwireshark's compiler; for these, workers have enough.
inline constexpr uint32_t kMaxFilterBytes = 64 << 10;
// The length of a filter after its macros are expanded.
inline constexpr uint32_t kMaxExpandedFilterBytes = 512 << 10;
// The length of all filters of a request together: those of columns are
// compiled, too.
inline constexpr uint32_t kMaxFiltersBytes = 256 << 10;
// The length of any other text.
inline constexpr uint32_t kMaxTextBytes = 64 << 10;
// The number of columns of a view.
inline constexpr uint32_t kMaxColumns = 1000;
// The number of items in any other repeated field.
inline constexpr uint32_t kMaxRepeatedItems = 20'000;
// The number of items in the tree of one frame, and its depth. libwireshark
// ends the dissection of the protocol that would add more. Requests can set
// lower limits by `gui.max_tree_items` and `gui.max_tree_depth`.
inline constexpr uint32_t kMaxTreeItems = 1'000'000;
inline constexpr uint32_t kMaxTreeDepth = 500;

// The processor time for applying the options of a request, for dissectors to
// prepare for them, and for compiling each filter. Some that are within all
// limits would take minutes: the time of libwireshark grows with the square of
// their size. A worker that takes longer ends by SIGXCPU.
inline constexpr std::chrono::seconds kMaxPreparationTime(60);

}  // namespace dissectd

#endif  // CORE_BASE_REQUEST_LIMITS_H_
