// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/page.h"

#include <gtest/gtest.h>

#include <vector>

#include "dissectd/v1/registry.schema.h"

namespace dissectd::engine {
namespace {

absl::StatusOr<Page> Cut(const PageRequest& request,
                         const std::vector<std::string>& list,
                         absl::string_view question = "list") {
  return CutPage(request, question, list.size(),
                 [&list](size_t i) { return absl::string_view(list[i]); });
}

TEST(PageTest, PagesFollowEachOther) {
  const std::vector<std::string> list = {"a", "b", "c"};
  const auto first = Cut({2, ""}, list);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->begin, 0u);
  EXPECT_EQ(first->end, 2u);
  const auto second = Cut({2, first->next_token}, list);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->begin, 2u);
  EXPECT_EQ(second->end, 3u);
  EXPECT_EQ(second->next_token, "");
}

TEST(PageTest, EmptyListHasOnePage) {
  const auto page = Cut({}, {});
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->end, 0u);
  EXPECT_EQ(page->next_token, "");
}

TEST(PageTest, TokenOfAnotherListIsInvalid) {
  const auto page = Cut({1, ""}, {"a", "b"});
  ASSERT_TRUE(page.ok());
  const PageRequest next = {1, page->next_token};
  EXPECT_TRUE(Cut(next, {"a", "b"}).ok());
  EXPECT_FALSE(Cut(next, {"b", "a"}).ok());
  EXPECT_FALSE(Cut(next, {}).ok());
  EXPECT_FALSE(Cut(next, {"a", "b"}, "other").ok());
}

TEST(PageTest, MalformedRequestIsRefused) {
  const auto page =
      ReadPageRequest<schema::ListProtocolsRequest>("ListRequest", "\x08");
  EXPECT_EQ(page.status().code(), absl::StatusCode::kInvalidArgument);
  const auto good =
      ReadPageRequest<schema::ListProtocolsRequest>("ListRequest", "\x08\x05");
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(good->size, 5);
}

}  // namespace
}  // namespace dissectd::engine
