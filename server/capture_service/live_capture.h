// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_SERVICE_LIVE_CAPTURE_H_
#define SERVER_CAPTURE_SERVICE_LIVE_CAPTURE_H_

#include <chrono>
#include <cstdint>
#include <string>

#include "server/base/io_loop.h"
#include "server/capture/capture_options.h"
#include "server/capture/captures.h"
#include "server/capture_filter/filter_compiler.h"
#include "server/capture_service/capture_service.h"
#include "server/capture_statistics/capture_statistics.h"
#include "server/dumpcap/dumpcap.h"
#include "server/engine/worker_parent.h"
#include "server/extcap/extcap.h"
#include "server/interface/interface_queries.h"
#include "server/interface/interface_watch.h"
#include "server/policy/resource_access.h"
#include "server/process/command_runner.h"
#include "server/rpc/rpc_service.h"
#include "server/store/file_owners.h"
#include "server/store/file_store.h"

namespace dissectd::server {

// Owns the parts of live capture. Thread-safe.
class LiveCapture {
 public:
  struct Options {
    // A path, or the name of a program in PATH.
    std::string dumpcap;
    std::string filter_compiler;
    // The absolute path of the store.
    std::string store;
    CapturePolicy policy;
    // The folder of extcap programs, and the path of extcap-launcher.
    std::string extcap_folder;
    std::string extcap_launcher;
    uint32_t max_captures;
    uint32_t max_captures_per_caller;
    CaptureDisk::Limits disk;
    CaptureKeeping keeping;
  };

  // Not owned; outlives this, except for the loop's thread, which ends earlier.
  struct Deps {
    const FileStore* files;
    FileOwners* owners;
    const ResourceAccess* access;
    // Counts what captures contain.
    WorkerParent* engine;
    RpcService::Deps rpc;
  };

  LiveCapture(const Options& options, const Deps& deps);

  RpcService* service() { return &service_; }
  const Captures* captures() const { return &captures_; }
  // Runs what finds interfaces and compiles filters.
  const CommandRunner* runner() const { return &runner_; }

  // Stops all captures and all watchers of interfaces. If captures may be kept,
  // leaves those that can go on to the next daemon instead. Waits for that at
  // most for `timeout`.
  void Stop(std::chrono::seconds timeout, bool may_keep);

 private:
  IoLoop* const loop_;
  const bool keeps_;
  CommandRunner runner_;
  Dumpcap dumpcap_;
  Extcap extcap_;
  InterfaceQueries interfaces_;
  InterfaceWatch interface_watch_;
  FilterCompiler filters_;
  Captures captures_;
  CaptureStatisticsPool capture_statistics_;
  CaptureService service_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_SERVICE_LIVE_CAPTURE_H_
