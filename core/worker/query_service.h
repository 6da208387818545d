// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_WORKER_QUERY_SERVICE_H_
#define CORE_WORKER_QUERY_SERVICE_H_

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/ipc/worker_channel.h"
#include "core/query/query.h"
#include "core/worker/forks.h"

namespace dissectd::engine {

// Answers queries one after the other until dissectd closes the channel. Forks
// for queries that dissectd wants to be able to cancel.
class QueryService {
 public:
  // `channel` is not owned and outlives this.
  QueryService(const QueryContext& context, WorkerChannel* channel)
      : context_(context), channel_(channel) {}

  // Makes the process begin again, to answer a query that needs it. Returns
  // only if that fails.
  using RestartFn = std::function<absl::Status(
      const WorkerChannel::Message& query, const InitOptions& options)>;
  // Without this, a query can't have another profile or scripts. Forks never
  // have it.
  void SetRestart(RestartFn restart) { restart_ = std::move(restart); }

  // Without this, the process refuses to open a session. Forks never have it.
  void AllowSession() { may_open_session_ = true; }

  // Errors: CANCELLED when dissectd closes the channel; INTERNAL.
  absl::Status Run();

 private:
  // Reports forks that have ended until there is something to receive.
  absl::Status AwaitMessage();
  // Handles the messages that have come already.
  absl::Status HandleWaiting();
  absl::Status Handle(const WorkerChannel::Message& message);
  // Handles a message that comes while a live capture is read.
  absl::Status HandleWhileReading(const WorkerChannel::Message& message);
  absl::Status AnswerAndReport(const WorkerChannel::Message& message);
  absl::Status Answer(const WorkerChannel::Message& message);
  // Removes the crashes from the front of a request, and tells the session.
  absl::Status TakeCrashes(uint32_t count, absl::string_view* request);
  absl::Status Open(absl::string_view request, SendResponse send);
  absl::Status ReadLive(SendResponse send);
  absl::Status Watch(absl::string_view request);
  absl::Status StartFork(const WorkerChannel::Message& message);
  [[noreturn]] void BecomeFork(const WorkerChannel::Message& message);
  absl::Status ReportEndedForks();

  QueryContext context_;
  WorkerChannel* const channel_;
  RestartFn restart_;
  bool may_open_session_ = false;
  // Present once this process, which isn't a fork, has opened a session.
  std::shared_ptr<SessionCapture> session_;
  // Present once this process, which isn't a fork, makes reports of a live
  // capture.
  std::shared_ptr<StatisticsWatch> watch_;
  // Created for the first fork.
  std::optional<Forks> forks_;
};

}  // namespace dissectd::engine

#endif  // CORE_WORKER_QUERY_SERVICE_H_
