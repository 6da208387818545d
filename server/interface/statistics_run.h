// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_STATISTICS_RUN_H_
#define SERVER_INTERFACE_STATISTICS_RUN_H_

#include <asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/thread_checker.h"
#include "server/dumpcap/dumpcap.h"
#include "server/dumpcap/statistics_lines.h"
#include "server/dumpcap/sync_pipe.h"
#include "server/process/async_subprocess.h"
#include "server/process/subprocess.h"

namespace dissectd::server {

// A run of `dumpcap -S`, which counts packets on the interfaces that it can
// capture from. Used on the loop's thread only; handlers are called there,
// after Start has returned.
class StatisticsRun : public std::enable_shared_from_this<StatisticsRun> {
 public:
  struct Handlers {
    // Is called once a second for each interface, with the number of packets
    // since the run began, modulo 2^32.
    absl::AnyInvocable<void(absl::string_view name, uint32_t packets)> on_count;
    // Is called when dumpcap has ended unless it was abandoned: with OK if it
    // has counted anything, otherwise with the reason. Errors: those of
    // Dumpcap::Query.
    absl::AnyInvocable<void(const absl::Status& status)> on_end;
  };

  // `context` and `dumpcap` are not owned and outlive the run.
  static std::shared_ptr<StatisticsRun> Start(asio::io_context* context,
                                              Dumpcap* dumpcap,
                                              Handlers handlers);

  // Kills dumpcap; no handler is called from now on. Must not be called by a
  // handler except on_end.
  void Abandon();

 private:
  StatisticsRun(Dumpcap* dumpcap, Handlers handlers)
      : dumpcap_(dumpcap), handlers_(std::move(handlers)) {}

  void Spawn(asio::io_context* context, const absl::StatusOr<Command>& command);
  void OnStdout(absl::string_view bytes);
  void OnStderr(absl::string_view bytes);
  void OnExit(int wait_status);
  void End(const absl::Status& status);

  Dumpcap* const dumpcap_;
  Handlers handlers_;
  std::shared_ptr<AsyncSubprocess> program_;
  SyncPipeParser messages_;
  StatisticsLines lines_;
  bool counted_ = false;
  bool ended_ = false;
  // The last error that dumpcap has reported.
  absl::Status error_;
  ThreadChecker thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_STATISTICS_RUN_H_
