// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/catalog/query_table.h"

#include "core/catalog/export_packets.h"
#include "core/catalog/field_types.h"

namespace dissectd {

QueryFn FindQuery(ipc::Query query) {
  switch (query) {
    case ipc::Query::kListFieldTypes:
      return ListFieldTypes;
    case ipc::Query::kExportPackets:
      return ExportPackets;
    case ipc::Query::kExportPacketsToFile:
      return ExportPacketsToFile;
    default:
      return nullptr;
  }
}

}  // namespace dissectd
