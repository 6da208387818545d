// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/filter/filter_lists.h"

#include <protozero/pbf_builder.hpp>
#include <string>
#include <vector>

#include "core/base/utf8.h"
#include "core/epan/filter_macros.h"
#include "dissectd/v1/filter.schema.h"

namespace dissectd::engine {
namespace {

// Sends `filters` as the field `items` of a response. `name` and `text` are
// fields of an item.
template <typename Response, typename Item>
absl::Status Send(const std::vector<NamedFilter>& filters, Response items,
                  Item name, Item text, SendResponse send) {
  std::string response;
  protozero::pbf_builder<Response> out(response);
  for (const NamedFilter& filter : filters) {
    protozero::pbf_builder<Item> item(out, items);
    item.add_string(name, MakeValidUtf8(filter.name));
    item.add_string(text, MakeValidUtf8(filter.text));
  }
  return send(response);
}

}  // namespace

absl::Status ListFilterMacros(const QueryContext&, absl::string_view,
                              SendResponse send) {
  return Send(FilterMacros(), schema::ListFilterMacrosResponse::kMacros,
              schema::FilterMacro::kName, schema::FilterMacro::kText, send);
}

absl::Status ListSavedFilters(const QueryContext&, absl::string_view,
                              SendResponse send) {
  return Send(SavedFilters(), schema::ListSavedFiltersResponse::kFilters,
              schema::SavedFilter::kName, schema::SavedFilter::kFilter, send);
}

}  // namespace dissectd::engine
