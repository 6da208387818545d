// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_QUERY_SERVICE_H_
#define SERVER_QUERY_QUERY_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <asio/thread_pool.hpp>

#include "core/ipc/query.h"
#include "server/base/io_loop.h"
#include "server/engine/engine_supervisor.h"
#include "server/query/query_pool.h"
#include "server/rpc/call_tracker.h"
#include "server/rpc/worker_limit.h"
#include "server/store/file_store.h"

// What the services have in common whose methods libwireshark answers. Their
// requests and responses are forwarded as they are.
namespace dissectd::server {

// What they work with. Nothing is owned; all outlives them.
struct QueryDeps {
  IoLoop* loop;
  EngineSupervisor* engine;
  QueryPool* pool;
  WorkerLimit* workers;
  CallTracker* tracker;
  const FileStore* files;
  // For what may block on the file system.
  asio::thread_pool* threads;
};

// Begins a call that a shared worker answers: for what changes nothing in it
// and is quick.
grpc::ServerUnaryReactor* RunPooled(const QueryDeps& deps, ipc::Query kind,
                                    const grpc::ByteBuffer& request,
                                    grpc::ByteBuffer* response);

// Begins a call that has a worker of its own: for what has settings of its
// own, or may take long.
grpc::ServerUnaryReactor* RunDedicated(const QueryDeps& deps, ipc::Query kind,
                                       const grpc::ByteBuffer& request,
                                       grpc::ByteBuffer* response);

// The same with many responses.
grpc::ServerWriteReactor<grpc::ByteBuffer>* StreamDedicated(
    const QueryDeps& deps, ipc::Query kind, const grpc::ByteBuffer& request);

}  // namespace dissectd::server

#endif  // SERVER_QUERY_QUERY_SERVICE_H_
