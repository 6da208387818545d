// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_QUERY_TABLE_H_
#define CORE_CATALOG_QUERY_TABLE_H_

#include "core/catalog/query.h"
#include "core/ipc/query.h"

namespace dissectd {

// What answers a query; null if nothing does.
QueryFn FindQuery(ipc::Query query);

}  // namespace dissectd

#endif  // CORE_CATALOG_QUERY_TABLE_H_
