// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/catalog/query_table.h"

#include "core/catalog/capture_summary.h"
#include "core/catalog/field_types.h"
#include "core/catalog/record_list.h"

namespace dissectd {

QueryFn FindQuery(ipc::Query query) {
  switch (query) {
    case ipc::Query::kListFieldTypes:
      return ListFieldTypes;
    case ipc::Query::kDescribeCapture:
      return DescribeCapture;
    case ipc::Query::kListRecords:
      return ListRecords;
    default:
      return nullptr;
  }
}

}  // namespace dissectd
