// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_BASE_PAGING_H_
#define CORE_BASE_PAGING_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Divides lists into pages. A token holds the last item of its page, so that it
// stays valid while items are added and removed.
namespace dissectd {

inline constexpr int32_t kDefaultPageSize = 100;
inline constexpr int32_t kMaxPageSize = 1000;

// Returns the number of items on a page for the requested size. Errors:
// PAGE_SIZE_NEGATIVE.
absl::StatusOr<size_t> PageSize(int32_t requested);

absl::Status PageTokenInvalid();

// `question` holds everything that the next request must have in common with
// this one.
std::string MakePageToken(absl::string_view question,
                          absl::string_view last_item);

// Returns the item after which the page starts; empty for an empty token.
// Errors: PAGE_TOKEN_INVALID.
absl::StatusOr<std::string> ParsePageToken(absl::string_view question,
                                           absl::string_view token);

}  // namespace dissectd

#endif  // CORE_BASE_PAGING_H_
