// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_FILTER_FILTER_COMPILER_H_
#define SERVER_CAPTURE_FILTER_FILTER_COMPILER_H_

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "dissectd/v1/capture.pb.h"
#include "server/base/done_fn.h"
#include "server/base/thread_checker.h"
#include "server/process/command_runner.h"

namespace dissectd::server {

// Compiles capture filters. Each is compiled by a separate process
// (capture-filter-compiler), so that a filter that crashes libpcap doesn't end
// the daemon. Used on the loop's thread only.
//
// Compiles to the same programs as dumpcap, with two exceptions: host names are
// only looked up in the files of this machine, and `vlan` only looks at the
// bytes of the packet, not at the kernel's metadata.
class FilterCompiler {
 public:
  // `program` is the path of capture-filter-compiler. `runner` is not owned and
  // outlives this and the calls.
  FilterCompiler(CommandRunner* runner, std::string program)
      : runner_(runner), program_(std::move(program)) {}

  // Compiles the filter of a request that names a link-layer type or no target.
  // Callers take turns, and nothing is compiled for those that have gone.
  // Calls `done` once, possibly before this returns; `response` lasts until
  // then, and `request` until this returns. A filter that doesn't compile,
  // contains a NUL or is longer than 64 KiB is an answer, not an error.
  //
  // Errors: LINK_TYPE_UNKNOWN; FILTER_COMPILER_HANGS (INVALID_ARGUMENT) if it
  // takes too long; FILTER_COMPILER_FAILED (INTERNAL) if the program crashes,
  // needs too much memory, or can't be run; PROGRAM_NOT_STARTED; CANCELLED.
  void Compile(const CommandRunner::Asker& asker,
               const v1::CompileCaptureFilterRequest& request,
               v1::CompileCaptureFilterResponse* response, DoneFn done);

  // Compiles the filter of a request that names an interface, whose link-layer
  // type has this name. `ip broadcast` uses the interface's netmask.
  void CompileFor(const CommandRunner::Asker& asker,
                  absl::string_view link_type,
                  const v1::CompileCaptureFilterRequest& request,
                  v1::CompileCaptureFilterResponse* response, DoneFn done);

 private:
  CommandRunner* const runner_;
  const std::string program_;
  ThreadChecker thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_FILTER_FILTER_COMPILER_H_
