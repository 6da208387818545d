// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_LIST_PAGE_H_
#define CORE_CATALOG_LIST_PAGE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dissectd {

// What a request says of the page that it wants.
struct PageRequest {
  int32_t size = 0;
  std::string token;
};

// Which items of a list, whose order stays, are on a page.
struct ListPage {
  size_t begin = 0;
  size_t end = 0;
  // Empty on the last page.
  std::string next_token;
};

// `question` is what requests for pages of one list have in common; `count` is
// the number of its items. Errors: PAGE_SIZE_NEGATIVE, PAGE_TOKEN_INVALID.
absl::StatusOr<ListPage> FindListPage(absl::string_view question, size_t count,
                                      const PageRequest& request);

}  // namespace dissectd

#endif  // CORE_CATALOG_LIST_PAGE_H_
