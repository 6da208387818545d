// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_SERVICE_ENFORCED_FILTERS_H_
#define SERVER_CAPTURE_SERVICE_ENFORCED_FILTERS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/capture.pb.h"
#include "server/capture/captures.h"
#include "server/capture_filter/filter_compiler.h"
#include "server/interface/interface_queries.h"
#include "server/policy/resource_access.h"
#include "server/process/command_runner.h"
#include "server/rpc/call_context.h"

namespace dissectd::server {

// Adds the capture filters of the policy to a request. Used on the loop's
// thread only.
class EnforcedFilters : public std::enable_shared_from_this<EnforcedFilters> {
 public:
  // Nothing is owned; everything outlives the call of `done`.
  struct Deps {
    const Captures* captures;
    InterfaceQueries* interfaces;
    FilterCompiler* filters;
    const ResourceAccess* access;
  };
  using Done = absl::AnyInvocable<void(
      const absl::StatusOr<v1::CreateCaptureRequest>& request)>;

  // Calls `done` once, possibly before this returns. Errors:
  // CAPTURE_FILTER_INVALID; PERMISSION_MISSING if dumpcap can't filter packets
  // that a filter is for; those of InterfaceQueries and FilterCompiler.
  // `context` outlives the call of `done`.
  static void Add(const Deps& deps, const CallContext& context,
                  v1::CreateCaptureRequest request, Done done);

 private:
  // A filter that has to be valid by itself, so that together they mean what
  // each of them means. It could otherwise close the brackets around it.
  struct Part {
    int interface;
    std::string filter;
  };

  EnforcedFilters(const Deps& deps, CommandRunner::Asker asker,
                  v1::CreateCaptureRequest request, Done done)
      : deps_(deps),
        asker_(std::move(asker)),
        request_(std::move(request)),
        done_(std::move(done)) {}

  // Notes the filters of an interface. Errors: PERMISSION_MISSING.
  absl::Status Prepare(const CallContext& context, int index);
  void CheckNext();
  void Compile(const v1::InterfaceOptions& interface);
  void OnCompiled(const absl::Status& status);

  const Deps deps_;
  const CommandRunner::Asker asker_;
  v1::CreateCaptureRequest request_;
  Done done_;
  std::vector<Part> parts_;
  // The filters that the interfaces get, empty for those that keep theirs.
  std::vector<std::string> combined_;
  size_t next_ = 0;
  v1::CompileCaptureFilterRequest question_;
  v1::CompileCaptureFilterResponse answer_;
};

// Finds the name of an interface's default link-layer type. Errors: those of
// InterfaceQueries, INTERFACE_NOT_FOUND.
void FindLinkType(InterfaceQueries* interfaces,
                  const CommandRunner::Asker& asker,
                  const std::string& interface, bool monitor_mode,
                  absl::AnyInvocable<void(absl::StatusOr<std::string>)> done);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_SERVICE_ENFORCED_FILTERS_H_
