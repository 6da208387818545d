// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/filter/filter_lists.h"

#include <protozero/pbf_builder.hpp>
#include <string>
#include <vector>

#include "core/base/utf8.h"
#include "core/epan/filter_macros.h"

namespace dissectd::engine {
namespace {

// Field numbers of both responses, and of FilterMacro and SavedFilter, as in
// proto/dissectd/v1/filter.proto.
enum class ResponseTag : protozero::pbf_tag_type { kItems = 1 };
enum class ItemTag : protozero::pbf_tag_type { kName = 1, kText };

absl::Status Send(const std::vector<NamedFilter>& filters, SendResponse send) {
  std::string response;
  protozero::pbf_builder<ResponseTag> out(response);
  for (const NamedFilter& filter : filters) {
    protozero::pbf_builder<ItemTag> item(out, ResponseTag::kItems);
    item.add_string(ItemTag::kName, MakeValidUtf8(filter.name));
    item.add_string(ItemTag::kText, MakeValidUtf8(filter.text));
  }
  return send(response);
}

}  // namespace

absl::Status ListFilterMacros(const QueryContext&, absl::string_view,
                              SendResponse send) {
  return Send(FilterMacros(), send);
}

absl::Status ListSavedFilters(const QueryContext&, absl::string_view,
                              SendResponse send) {
  return Send(SavedFilters(), send);
}

}  // namespace dissectd::engine
