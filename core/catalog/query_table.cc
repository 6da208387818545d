// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/catalog/query_table.h"

#include "core/catalog/field_types.h"
#include "core/catalog/libraries.h"
#include "core/catalog/values.h"

namespace dissectd {

QueryFn FindQuery(ipc::Query query) {
  switch (query) {
    case ipc::Query::kListFieldTypes:
      return ListFieldTypes;
    case ipc::Query::kParseValue:
      return ParseValue;
    case ipc::Query::kFormatValue:
      return FormatValue;
    case ipc::Query::kDescribeLibraries:
      return DescribeLibraries;
    default:
      return nullptr;
  }
}

}  // namespace dissectd
