// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/catalog/query_table.h"

#include "core/catalog/compile_filter.h"
#include "core/catalog/complete_filter.h"
#include "core/catalog/field_types.h"
#include "core/catalog/filter_lists.h"

namespace dissectd {

QueryFn FindQuery(ipc::Query query) {
  switch (query) {
    case ipc::Query::kListFieldTypes:
      return ListFieldTypes;
    case ipc::Query::kCompileFilter:
      return CompileFilter;
    case ipc::Query::kCompleteFilter:
      return CompleteFilter;
    case ipc::Query::kListFilterMacros:
      return ListFilterMacros;
    case ipc::Query::kListSavedFilters:
      return ListSavedFilters;
    default:
      return nullptr;
  }
}

}  // namespace dissectd
