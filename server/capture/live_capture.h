// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_LIVE_CAPTURE_H_
#define SERVER_CAPTURE_LIVE_CAPTURE_H_

#include <asio/thread_pool.hpp>
#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "server/call_gate.h"
#include "server/capture/capture_options.h"
#include "server/capture/capture_service.h"
#include "server/capture/capture_statistics.h"
#include "server/capture/captures.h"
#include "server/capture/dumpcap.h"
#include "server/capture/filter_compiler.h"
#include "server/capture/interface_queries.h"
#include "server/capture/interface_watch.h"
#include "server/epan_host.h"
#include "server/file_store.h"
#include "server/io_loop.h"
#include "server/program_run.h"
#include "server/session_limit.h"

namespace dissectd {

// All that has to do with live capture, put together. Thread-safe.
class LiveCapture {
 public:
  struct Options {
    // A path, or the name of a program that is looked for in PATH.
    std::string dumpcap;
    std::string filter_compiler;
    // The absolute path of the store.
    std::string store;
    CapturePolicy policy;
    uint32_t max_captures;
  };

  // What it works with. Not owned; outlives this, but for the loop's thread,
  // which ends before.
  struct Parts {
    const FileStore* files;
    EpanHost* host;
    IoLoop* loop;
    asio::thread_pool* pool;
    SessionLimit* sessions;
    CallGate* gate;
  };

  LiveCapture(const Options& options, const Parts& parts);

  grpc::Service* service() { return &service_; }
  const Captures* captures() const { return &captures_; }

  // Ends all captures in order, and all that watch interfaces. Waits for that,
  // up to `timeout`.
  void Stop(absl::Duration timeout);

 private:
  IoLoop* const loop_;
  ProgramRunner runner_;
  Dumpcap dumpcap_;
  InterfaceQueries interfaces_;
  InterfaceWatch statistics_;
  FilterCompiler filters_;
  Captures captures_;
  CaptureStatisticsPool rates_;
  CaptureService service_;
};

}  // namespace dissectd

#endif  // SERVER_CAPTURE_LIVE_CAPTURE_H_
