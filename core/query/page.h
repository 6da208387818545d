// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_PAGE_H_
#define CORE_QUERY_PAGE_H_

#include <cstddef>
#include <cstdint>
#include <protozero/pbf_message.hpp>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "core/query/query.h"
#include "core/request/request_reading.h"

// Divides lists into pages that are the same in all workers of an engine.
namespace dissectd::engine {

// The fields of every request for a page.
struct PageRequest {
  int32_t size = 0;
  std::string token;
};

// Reads `page_size` or `page_token`, and returns whether the field is one of
// them.
template <typename Tag>
bool ReadPageField(protozero::pbf_message<Tag>* message, PageRequest* page) {
  if (message->tag() == Tag::kPageSize) {
    page->size = message->get_int32();
    return true;
  }
  if (message->tag() == Tag::kPageToken) {
    page->token = message->get_string();
    return true;
  }
  return false;
}

// Reads a request for pages that has no other fields. Errors: those of
// ReadRequest.
template <typename Tag>
absl::StatusOr<PageRequest> ReadPageRequest(absl::string_view name,
                                            absl::string_view bytes) {
  PageRequest page;
  RETURN_IF_ERROR(ReadRequestFields<Tag>(name, bytes, [&](auto* message) {
    if (!ReadPageField(message, &page)) message->skip();
  }));
  return page;
}

// A page: the items from `begin` up to but not including `end`.
struct Page {
  size_t begin = 0;
  size_t end = 0;
  // Empty on the last page.
  std::string next_token;
};

// Returns the requested page of a list of `total` items. `question` holds
// everything that requests for its pages must have in common. `name_at` returns
// the name of an item, which detects a token from an engine with other items.
// Errors: PAGE_SIZE_NEGATIVE, PAGE_TOKEN_INVALID.
absl::StatusOr<Page> CutPage(
    const PageRequest& request, absl::string_view question, size_t total,
    absl::FunctionRef<absl::string_view(size_t)> name_at);

// The field numbers of a response with a page.
struct PageResponse {
  // Implicit, so that callers only name the field of the items.
  template <typename Tag>
  PageResponse(Tag items)  // NOLINT(google-explicit-constructor)
      : items(static_cast<uint32_t>(items)),
        next_page_token(static_cast<uint32_t>(Tag::kNextPageToken)) {}

  uint32_t items;
  uint32_t next_page_token;
};

// Sends a page of a list in `response`; `message_at` returns a serialised item.
absl::Status SendPage(PageResponse response, const PageRequest& request,
                      absl::string_view question, size_t total,
                      absl::FunctionRef<absl::string_view(size_t)> name_at,
                      absl::FunctionRef<std::string(size_t)> message_at,
                      SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_PAGE_H_
