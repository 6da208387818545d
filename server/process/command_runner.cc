// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/process/command_runner.h"

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/process/async_subprocess.h"

namespace dissectd::server {
namespace {

constexpr size_t kMaxOutputBytes = 4 << 20;

// A command that runs; owned by the handlers of its process and timer.
class RunningCommand : public std::enable_shared_from_this<RunningCommand> {
 public:
  using Done = CommandRunner::Done;

  RunningCommand(asio::io_context* context, std::string name, Done done)
      : context_(context),
        timer_(*context),
        name_(std::move(name)),
        done_(std::move(done)) {}

  void Start(const Command& command, std::chrono::milliseconds deadline) {
    AsyncSubprocess::Handlers handlers;
    handlers.on_stdout = [self = shared_from_this()](absl::string_view bytes) {
      self->Take(bytes, &self->output_.out);
    };
    handlers.on_stderr = [self = shared_from_this()](absl::string_view bytes) {
      self->Take(bytes, &self->output_.err);
    };
    handlers.on_end = [self = shared_from_this()](int wait_status) {
      self->output_.wait_status = wait_status;
      self->Finish(std::move(self->output_));
    };
    auto program =
        AsyncSubprocess::Start(context_, command, std::move(handlers));
    if (!program.ok()) {
      asio::post(*context_,
                 [self = shared_from_this(), status = program.status()] {
                   self->Finish(status);
                 });
      return;
    }
    program_ = *std::move(program);
    timer_.expires_after(deadline);
    timer_.async_wait([self = shared_from_this()](asio::error_code error) {
      if (error) return;
      self->GiveUp(absl::DeadlineExceededError(
          absl::StrCat(self->name_, " takes too long")));
    });
  }

 private:
  void Take(absl::string_view bytes, std::string* text) {
    if (text->size() + bytes.size() > kMaxOutputBytes) {
      GiveUp(absl::ResourceExhaustedError(
          absl::StrCat(name_, " prints too much")));
      return;
    }
    absl::StrAppend(text, bytes);
  }

  void GiveUp(const absl::Status& status) {
    // Posted, as the caller belongs to the program's handlers, which this
    // destroys.
    asio::post(*context_, [self = shared_from_this(), status] {
      if (self->program_ == nullptr) return;
      self->program_->Abandon();
      self->Finish(status);
    });
  }

  void Finish(absl::StatusOr<CommandOutput> output) {
    program_.reset();
    timer_.cancel();
    if (done_ != nullptr) std::exchange(done_, nullptr)(std::move(output));
  }

  asio::io_context* const context_;
  asio::steady_timer timer_;
  const std::string name_;
  Done done_;
  std::shared_ptr<AsyncSubprocess> program_;
  CommandOutput output_;
};

}  // namespace

void CommandRunner::Run(Command command, std::chrono::milliseconds deadline,
                        Done done, const std::string& caller) {
  thread_.AssertOnThread();
  waiting_.Push(caller, {std::move(command), deadline, std::move(done)});
  StartWaiting();
}

void CommandRunner::StartWaiting() {
  thread_.AssertOnThread();
  while (std::optional<FairQueue<Waiting>::Turn> turn = waiting_.Next()) {
    Waiting& next = turn->item;
    const std::string name = next.command.program;
    std::make_shared<RunningCommand>(
        context_, name,
        [this, caller = turn->caller, done = std::move(next.done)](
            absl::StatusOr<CommandOutput> output) mutable {
          waiting_.Release(caller);
          StartWaiting();
          done(std::move(output));
        })
        ->Start(next.command, next.deadline);
  }
}

}  // namespace dissectd::server
