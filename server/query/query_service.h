// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_QUERY_SERVICE_H_
#define SERVER_QUERY_QUERY_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <asio/thread_pool.hpp>

#include "core/ipc/query.h"
#include "server/call_gate.h"
#include "server/epan_host.h"
#include "server/file_store.h"
#include "server/io_loop.h"
#include "server/query/query_pool.h"
#include "server/session_limit.h"

// What the services have in common whose methods libwireshark answers. Their
// requests and responses are forwarded as they are.
namespace dissectd {

// What they work with. Nothing is owned; all outlives them.
struct QueryParts {
  IoLoop* loop;
  EpanHost* host;
  QueryPool* pool;
  SessionLimit* sessions;
  CallGate* gate;
  const FileStore* files;
  // For what may block on the file system.
  asio::thread_pool* threads;
};

// Begins a call that a shared session answers: for what changes nothing in it
// and is quick.
grpc::ServerUnaryReactor* AskShared(const QueryParts& parts, ipc::Query kind,
                                    const grpc::ByteBuffer& request,
                                    grpc::ByteBuffer* response);

// Begins a call that has a session of its own: for what has settings of its
// own, or may take long.
grpc::ServerUnaryReactor* AskAlone(const QueryParts& parts, ipc::Query kind,
                                   const grpc::ByteBuffer& request,
                                   grpc::ByteBuffer* response);

// The same with many responses.
grpc::ServerWriteReactor<grpc::ByteBuffer>* StreamAlone(
    const QueryParts& parts, ipc::Query kind, const grpc::ByteBuffer& request);

}  // namespace dissectd

#endif  // SERVER_QUERY_QUERY_SERVICE_H_
