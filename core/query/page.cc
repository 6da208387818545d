// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/page.h"

#include <algorithm>
#include <protozero/pbf_writer.hpp>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/paging.h"

namespace dissectd::engine {
namespace {

constexpr char kAfterPosition = ':';

std::string Place(size_t end, absl::string_view name) {
  return absl::StrCat(end, absl::string_view(&kAfterPosition, 1), name);
}

}  // namespace

absl::StatusOr<Page> CutPage(
    const PageRequest& request, absl::string_view question, size_t total,
    absl::FunctionRef<absl::string_view(size_t)> name_at) {
  ASSIGN_OR_RETURN(const size_t size, PageSize(request.size));
  ASSIGN_OR_RETURN(const std::string after,
                   ParsePageToken(question, request.token));
  Page page;
  if (!after.empty()) {
    const absl::string_view position =
        absl::string_view(after).substr(0, after.find(kAfterPosition));
    if (!absl::SimpleAtoi(position, &page.begin) || page.begin == 0 ||
        page.begin > total ||
        Place(page.begin, name_at(page.begin - 1)) != after) {
      return PageTokenInvalid();
    }
  }
  page.end = std::min(total, page.begin + size);
  if (page.end < total) {
    page.next_token =
        MakePageToken(question, Place(page.end, name_at(page.end - 1)));
  }
  return page;
}

absl::Status SendPage(PageResponse response, const PageRequest& request,
                      absl::string_view question, size_t total,
                      absl::FunctionRef<absl::string_view(size_t)> name_at,
                      absl::FunctionRef<std::string(size_t)> message_at,
                      SendResponse send) {
  ASSIGN_OR_RETURN(const Page page, CutPage(request, question, total, name_at));
  std::string bytes;
  protozero::pbf_writer out(bytes);
  for (size_t i = page.begin; i < page.end; ++i) {
    out.add_message(response.items, message_at(i));
  }
  if (!page.next_token.empty()) {
    out.add_string(response.next_page_token, page.next_token);
  }
  return send(bytes);
}

}  // namespace dissectd::engine
