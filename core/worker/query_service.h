// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_WORKER_QUERY_SERVICE_H_
#define CORE_WORKER_QUERY_SERVICE_H_

#include "absl/status/status.h"
#include "core/ipc/worker_channel.h"
#include "core/query/query.h"

namespace dissectd::engine {

// Answers one query after the other, until dissectd has no more.
class QueryService {
 public:
  // `channel` is not owned and outlives this.
  QueryService(const QueryContext& context, WorkerChannel* channel)
      : context_(context), channel_(channel) {}

  // Begins with a kQuery frame that was received. Errors: CANCELLED when
  // dissectd closes the channel; INTERNAL.
  absl::Status Run(WorkerChannel::Frame frame);

 private:
  absl::Status Answer(const WorkerChannel::Frame& frame);

  QueryContext context_;
  WorkerChannel* const channel_;
};

}  // namespace dissectd::engine

#endif  // CORE_WORKER_QUERY_SERVICE_H_
