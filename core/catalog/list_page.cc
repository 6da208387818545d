// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/catalog/list_page.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/paging.h"
#include "core/base/status_macros.h"

namespace dissectd {

absl::StatusOr<ListPage> FindListPage(absl::string_view question, size_t count,
                                      const PageRequest& request) {
  ASSIGN_OR_RETURN(const size_t size, PageSize(request.size));
  ASSIGN_OR_RETURN(const std::string begin,
                   ParsePageToken(question, request.token));
  ListPage page;
  if (!begin.empty() &&
      (!absl::SimpleAtoi(begin, &page.begin) || page.begin > count)) {
    return PageTokenInvalid();
  }
  page.end = std::min(count, page.begin + size);
  if (page.end < count) {
    page.next_token = MakePageToken(question, absl::StrCat(page.end));
  }
  return page;
}

}  // namespace dissectd
