// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_QUERY_READER_H_
#define SERVER_QUERY_QUERY_READER_H_

#include <grpcpp/support/byte_buffer.h>

#include "absl/status/status.h"

namespace dissectd::server {

// Receives the answer to a query. Used on the loop's thread only.
class QueryReader {
 public:
  virtual ~QueryReader() = default;

  // Called with a serialised response. The next one comes after ReadMore.
  virtual void OnResponse(const grpc::ByteBuffer& response) = 0;

  // Called last, at the end of the answer.
  virtual void OnEnd(const absl::Status& status) = 0;
};

// A query that is being answered. Destruction ends it.
class RunningQuery {
 public:
  virtual ~RunningQuery() = default;

  // Requests another response.
  virtual void ReadMore() = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_QUERY_READER_H_
