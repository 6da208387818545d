// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/format_order.h"

#include <algorithm>

#include "absl/strings/str_split.h"

namespace dissectd::engine {
namespace {

bool IsCompression(const std::string& extension) {
  GSList* list = wtap_get_all_compression_type_extensions_list();
  bool found = false;
  for (const GSList* item = list; item != nullptr; item = item->next) {
    found |= extension == static_cast<const char*>(item->data);
  }
  g_slist_free(list);
  return found;
}

bool UsesExtension(const open_info& format, const std::string& extension) {
  if (format.extensions == nullptr) return false;
  for (gchar** each = format.extensions_set; *each != nullptr; ++each) {
    if (extension == *each) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> FormatExtension(const std::string& name) {
  const std::vector<std::string> parts = absl::StrSplit(name, '.');
  if (parts.size() < 2) return std::nullopt;
  if (!IsCompression(parts.back())) return parts.back();
  if (parts.size() == 2) return std::nullopt;
  return parts[parts.size() - 2];
}

FormatOrder::FormatOrder(const std::string& name) {
  const std::optional<std::string> extension = FormatExtension(name);
  // wiretap's own order is for files without one.
  if (!extension.has_value()) return;
  open_info* end = open_routines;
  while (end->name != nullptr) ++end;
  first_ = std::find_if(open_routines, end, [](const open_info& format) {
    return format.type == OPEN_INFO_HEURISTIC;
  });
  saved_.assign(first_, end);
  const auto rank = [&extension](const open_info& format) {
    if (UsesExtension(format, *extension)) return 0;
    return format.extensions == nullptr ? 1 : 2;
  };
  std::stable_sort(first_, end,
                   [&rank](const open_info& a, const open_info& b) {
                     return rank(a) < rank(b);
                   });
}

FormatOrder::~FormatOrder() { std::copy(saved_.begin(), saved_.end(), first_); }

}  // namespace dissectd::engine
