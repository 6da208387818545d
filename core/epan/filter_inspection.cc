// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/filter_inspection.h"

#include <map>

#include "core/epan/printed_text.h"
#include "core/epan/registry.h"
#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

// Returns whether a filter has marked the field, and removes the mark.
bool TakeMark(header_field_info* field) {
  const bool marked = field->ref_type == HF_REF_TYPE_DIRECT;
  field->ref_type = HF_REF_TYPE_NONE;
  return marked;
}

}  // namespace

std::vector<const header_field_info*> FieldsOfFilter(const dfilter_t* filter,
                                                     Epan* epan) {
  if (!epan->is_open()) epan->Open();
  const EpanDissectPtr dissection(epan_dissect_new(epan->get(), TRUE, FALSE));
  epan_dissect_prime_with_dfilter(dissection.get(), filter);
  std::map<std::string, const header_field_info*> by_name;
  ForEachProtocolAndField([&by_name](header_field_info* field) {
    if (TakeMark(field)) by_name.emplace(field->abbrev, field);
  });
  std::vector<const header_field_info*> fields;
  fields.reserve(by_name.size());
  for (const auto& [name, field] : by_name) fields.push_back(field);
  return fields;
}

std::vector<std::string> DeprecatedInFilter(dfilter_t* filter) {
  std::vector<std::string> found;
  const GPtrArray* tokens = dfilter_deprecated_tokens(filter);
  if (tokens == nullptr) return found;
  found.reserve(tokens->len);
  for (guint i = 0; i < tokens->len; ++i) {
    found.emplace_back(static_cast<const char*>(g_ptr_array_index(tokens, i)));
  }
  return found;
}

std::string ByteCodeOf(dfilter_t* filter) {
  return PrintedText([filter] { PrintFilter(filter); },
                     AfterPrinting::kLeavesOpen);
}

}  // namespace dissectd::engine
