// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_QUERY_SERVICE_H_
#define CORE_SESSION_QUERY_SERVICE_H_

#include "absl/status/status.h"
#include "core/catalog/query.h"
#include "core/session/session_channel.h"

namespace dissectd {

// Answers one query after the other, until dissectd has no more.
class QueryService {
 public:
  // `channel` is not owned and outlives this.
  QueryService(const QueryContext& context, SessionChannel* channel)
      : context_(context), channel_(channel) {}

  // Begins with a kQuery frame that was received. Errors: CANCELLED when
  // dissectd closes the channel; INTERNAL.
  absl::Status Run(SessionChannel::Frame frame);

 private:
  absl::Status Answer(const SessionChannel::Frame& frame);

  QueryContext context_;
  SessionChannel* const channel_;
};

}  // namespace dissectd

#endif  // CORE_SESSION_QUERY_SERVICE_H_
