// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_WORKER_QUERY_TABLE_H_
#define CORE_WORKER_QUERY_TABLE_H_

#include "core/ipc/query.h"
#include "core/query/query.h"

namespace dissectd::engine {

// Returns the function that answers a query; null if there is none.
QueryFn FindQuery(ipc::Query query);

// Returns whether answering the query reads folders or runs programs.
bool NeedsTrust(ipc::Query query);

}  // namespace dissectd::engine

#endif  // CORE_WORKER_QUERY_TABLE_H_
