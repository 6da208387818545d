// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CHILD_DUMPCAP_H_
#define SERVER_CAPTURE_CHILD_DUMPCAP_H_

#include <asio/io_context.hpp>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "server/capture/capture_process.h"
#include "server/process/async_subprocess.h"

namespace dissectd::server {

// A dumpcap that is a child of the daemon. Destruction kills it.
class ChildDumpcap : public CaptureProcess {
 public:
  // Errors: those of AsyncSubprocess.
  static absl::StatusOr<std::shared_ptr<ChildDumpcap>> Start(
      asio::io_context* context, const Command& command,
      AsyncSubprocess::Descriptors descriptors, Handlers handlers);

  ~ChildDumpcap() override { program_->Abandon(); }

  pid_t pid() const { return program_->pid(); }
  void Signal(int signal) override { program_->Signal(signal); }

 private:
  explicit ChildDumpcap(std::shared_ptr<AsyncSubprocess> program)
      : program_(std::move(program)) {}

  const std::shared_ptr<AsyncSubprocess> program_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CHILD_DUMPCAP_H_
