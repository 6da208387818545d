// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_FILTER_FILTER_COMPILER_H_
#define SERVER_CAPTURE_FILTER_FILTER_COMPILER_H_

#include <grpcpp/server_context.h>

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "dissectd/v1/capture.pb.h"
#include "server/process/command_runner.h"
#include "server/rpc/loop_call.h"

namespace dissectd::server {

// Compiles capture filters, each in a run of capture-filter-compiler, so that a
// filter that libpcap can't cope with ends that and not the daemon. Used on the
// loop's thread only.
//
// The programs are those that dumpcap makes, but for two differences: names of
// hosts are found only if they are in the files of this machine, and `vlan`
// looks at the bytes of the packet only, not at what the kernel knows besides.
class FilterCompiler {
 public:
  // `program` is the path of capture-filter-compiler. `runner` is not owned
  // and outlives this, as it does the calls.
  FilterCompiler(CommandRunner* runner, std::string program)
      : runner_(runner), program_(std::move(program)) {}

  // Compiles the filter of a request that names a link-layer type or no target.
  // Calls `done` once, possibly before this returns; `response` lasts until
  // then, and `request` until this returns. A filter that doesn't compile is an
  // answer, also one that has a NUL or is longer than 64 KiB.
  //
  // Errors: LINK_TYPE_UNKNOWN; FILTER_COMPILER_HANGS (INVALID_ARGUMENT) if it
  // takes too long; FILTER_COMPILER_FAILED (INTERNAL) if the program crashes,
  // needs too much memory, or can't be run.
  void Compile(const v1::CompileCaptureFilterRequest& request,
               v1::CompileCaptureFilterResponse* response, LoopCallDone done);

  // The same, for the link-layer type of this name: that of the interface that
  // the request names, whose netmask is what `ip broadcast` goes by.
  void CompileFor(absl::string_view link_type,
                  const v1::CompileCaptureFilterRequest& request,
                  v1::CompileCaptureFilterResponse* response,
                  LoopCallDone done);

 private:
  CommandRunner* const runner_;
  const std::string program_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_FILTER_FILTER_COMPILER_H_
