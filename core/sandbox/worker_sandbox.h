// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SANDBOX_WORKER_SANDBOX_H_
#define CORE_SANDBOX_WORKER_SANDBOX_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/ipc/protocol.h"

namespace dissectd {

struct SandboxOptions {
  // Files and folders that libraries read while they dissect.
  std::vector<std::string> readable;
  // Programs that settings can need.
  std::vector<std::string> executable;
  // Whether name servers may be asked.
  bool network = false;
};

// The sandbox of the engine and its workers, which closes in steps:
//
// 1. ConfineEngine: what no process of the engine needs is forbidden, such as
//    sockets, ptrace and mounting. Workers inherit it.
// 2. ConfineSettings: a worker opens only files of `readable` and its capture.
//    If it has a folder to write to, it writes only there, and executes only
//    programs of `executable`. Otherwise it does neither, and forks only if
//    that was allowed before.
// 3. ConfineReading, before a byte of a capture is read: it executes nothing,
//    creates no files, and neither writes to files nor forks unless that was
//    allowed before. Workers of sessions, and their forks, may fork.
// 4. ConfinePassWorker: a pass worker doesn't fork.
//
// Each step has the kernel enforce a list of system calls, and the files where
// it has Landlock. The state is global, as forks inherit it. Programs in which
// Prepare wasn't called, such as tests, have no sandbox, and neither have
// builds with a sanitizer. Not thread-safe.
class WorkerSandbox {
 public:
  // Makes the filters, which takes a few milliseconds. Errors: INTERNAL.
  static absl::Status Prepare(SandboxOptions options);

  // Errors: UNIMPLEMENTED if the kernel can't, INTERNAL.
  static absl::Status ConfineEngine();

  // Leaves the lists of system calls out from here on.
  static void ForgoFilters();

  // Tells which worker this process is, before the other steps.
  static void SetWorker(ipc::WorkerKind kind, int capture);
  // Lets a worker fork pass workers. Call it before ConfineSettings.
  static void AllowPassWorkers();
  // Lets a worker write files of this size that are open. Call it before
  // ConfineReading.
  static void AllowWriting(uint64_t max_bytes);
  // Lets a worker open another capture again. Call it before ConfineSettings.
  static void AllowReading(int capture);
  // Tells that this process is a fork of a worker that answers queries.
  static void SetQueryFork();

  // Makes the steps after ConfineEngine have no effect.
  static void LeaveOpen();

  // `folder` is the one to write to; it may be empty. Has no effect if it was
  // called before. Errors: INTERNAL.
  static absl::Status ConfineSettings(const std::string& folder);

  // Calls ConfineSettings unless it was called. Has no effect if it was called
  // before. Errors: INTERNAL.
  static absl::Status ConfineReading();

  // Takes away the right to fork that AllowPassWorkers has left. Has no effect
  // in other processes. Errors: INTERNAL.
  static absl::Status ConfinePassWorker();
};

}  // namespace dissectd

#endif  // CORE_SANDBOX_WORKER_SANDBOX_H_
