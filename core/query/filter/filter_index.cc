// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/filter/filter_index.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "absl/strings/match.h"
#include "core/epan/registry.h"

namespace dissectd::engine {
namespace {

using Names = std::vector<const header_field_info*>;

bool Precedes(const char* a, const char* b) {
  const int order = g_ascii_strcasecmp(a, b);
  return order != 0 ? order < 0 : std::strcmp(a, b) < 0;
}

bool FieldPrecedes(const header_field_info* a, const header_field_info* b) {
  return Precedes(a->abbrev, b->abbrev);
}

bool SameName(const header_field_info* a, const header_field_info* b) {
  return std::strcmp(a->abbrev, b->abbrev) == 0;
}

void Sort(Names* names) {
  // A stable sort keeps the first field of a name first.
  std::stable_sort(names->begin(), names->end(), FieldPrecedes);
  names->erase(std::unique(names->begin(), names->end(), SameName),
               names->end());
  names->shrink_to_fit();
}

void VisitPrefixed(const Names& names, absl::string_view prefix,
                   FilterIndex::Visit visit) {
  const std::string begin(prefix);
  auto next = std::lower_bound(
      names.begin(), names.end(), begin,
      [](const header_field_info* field, const std::string& name) {
        return g_ascii_strcasecmp(field->abbrev, name.c_str()) < 0;
      });
  for (; next != names.end(); ++next) {
    if (!absl::StartsWithIgnoreCase((*next)->abbrev, prefix)) return;
    if (!visit(**next)) return;
  }
}

}  // namespace

FilterIndex::FilterIndex() {
  ForEachProtocolAndField([this](header_field_info* field) {
    (field->parent == -1 ? protocols_ : fields_).push_back(field);
  });
  Sort(&protocols_);
  Sort(&fields_);
}

const FilterIndex& FilterIndex::Get() {
  static const auto& index = *new FilterIndex();
  return index;
}

void FilterIndex::ForEachProtocol(absl::string_view prefix,
                                  FilterIndex::Visit visit) const {
  VisitPrefixed(protocols_, prefix, visit);
}

void FilterIndex::ForEachField(absl::string_view prefix,
                               FilterIndex::Visit visit) const {
  VisitPrefixed(fields_, prefix, visit);
}

}  // namespace dissectd::engine
