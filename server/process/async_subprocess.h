// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_PROCESS_ASYNC_SUBPROCESS_H_
#define SERVER_PROCESS_ASYNC_SUBPROCESS_H_

#include <sys/types.h>

#include <array>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/thread_checker.h"
#include "server/base/unique_fd.h"
#include "server/process/subprocess.h"

namespace dissectd::server {

// A program that runs next to the daemon, with its output. Used on the loop's
// thread only. No call blocks, and handlers are called on that thread after
// Start has returned.
class AsyncSubprocess : public std::enable_shared_from_this<AsyncSubprocess> {
 public:
  struct Handlers {
    // Called with output as it arrives. If null, output is discarded.
    absl::AnyInvocable<void(absl::string_view bytes)> on_stdout;
    absl::AnyInvocable<void(absl::string_view bytes)> on_stderr;
    // Called once, last, with waitpid's status when the program has ended.
    absl::AnyInvocable<void(int wait_status)> on_end;
  };

  // The descriptors that a program gets.
  struct Descriptors {
    // Its standard input, which is empty by default.
    UniqueFd input;
    // Others, which get the numbers from kFirstOther on.
    std::vector<UniqueFd> others;
  };
  static constexpr int kFirstOther = 3;

  // Errors: those of Subprocess.
  static absl::StatusOr<std::shared_ptr<AsyncSubprocess>> Start(
      asio::io_context* context, const Command& command, Handlers handlers,
      Descriptors descriptors = {});

  pid_t pid() const { return process_->pid(); }

  // Sends a signal unless the program has ended.
  void Signal(int signal);

  // Kills the program; no handler is called any more.
  void Abandon();

 private:
  // The reading end of a pipe that the program writes to.
  struct Output {
    explicit Output(asio::io_context* context) : pipe(*context) {}
    asio::posix::stream_descriptor pipe;
    absl::AnyInvocable<void(absl::string_view bytes)> handler;
    std::array<char, 16384> buffer;
  };

  explicit AsyncSubprocess(asio::io_context* context)
      : context_(context), exit_(*context) {}

  absl::Status Spawn(const Command& command, Handlers handlers,
                     Descriptors descriptors);
  // Returns the descriptor that the program writes to. If it isn't valid, errno
  // says why.
  UniqueFd OpenOutput(absl::AnyInvocable<void(absl::string_view)> handler,
                      std::shared_ptr<Output>* output);
  void Read(const std::shared_ptr<Output>& output);
  static void ReadRest(const std::shared_ptr<Output>& output);
  void AwaitExit();
  void OnExit();

  asio::io_context* const context_;
  std::optional<Subprocess> process_;
  bool kill_leftovers_ = false;
  // Readable once the process has ended.
  asio::posix::stream_descriptor exit_;
  std::shared_ptr<Output> stdout_;
  std::shared_ptr<Output> stderr_;
  absl::AnyInvocable<void(int wait_status)> on_end_;
  ThreadChecker thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_PROCESS_ASYNC_SUBPROCESS_H_
