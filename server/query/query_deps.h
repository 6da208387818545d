// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_QUERY_DEPS_H_
#define SERVER_QUERY_QUERY_DEPS_H_

#include "server/base/io_loop.h"
#include "server/engine/engines.h"
#include "server/query/engine_answers.h"
#include "server/query/query_pool.h"

namespace dissectd::server {

// The dependencies of calls that libwireshark answers. Nothing is owned;
// everything outlives them.
struct QueryDeps {
  IoLoop* loop;
  const Engines* engines;
  QueryPool* pool;
  EngineAnswers* answers;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_QUERY_DEPS_H_
