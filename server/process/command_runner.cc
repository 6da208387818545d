// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/process/command_runner.h"

#include <algorithm>
#include <asio/post.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/base/timer.h"
#include "server/process/async_subprocess.h"

namespace dissectd::server {
namespace {

using Clock = Timer::Clock;

constexpr size_t kMaxOutputBytes = 4 << 20;

// How often askers are looked after. Calls don't tell when they are cancelled.
constexpr std::chrono::milliseconds kLookInterval(100);

absl::Status AskerHasGone() {
  return absl::CancelledError("Nobody waits for the program's output.");
}

bool HasGone(const std::function<bool()>& has_gone) {
  return has_gone != nullptr && has_gone();
}

// A command that runs; owned by the handlers of its process and timer.
class RunningCommand : public std::enable_shared_from_this<RunningCommand> {
 public:
  using Done = CommandRunner::Done;
  struct Watch {
    // Called now and then.
    std::function<void()> on_look;
    std::function<bool()> has_gone;
  };

  RunningCommand(asio::io_context* context, std::string name, Done done,
                 Watch watch)
      : context_(context),
        timer_(*context),
        name_(std::move(name)),
        done_(std::move(done)),
        watch_(std::move(watch)) {}

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
    end_ = Clock::now() + deadline;
    LookLater();
  }

 private:
  void LookLater() {
    timer_.StartAt(std::min(end_, Clock::now() + kLookInterval),
                   [self = shared_from_this()] { self->Look(); });
  }

  void Look() {
    watch_.on_look();
    if (done_ == nullptr) return;
    if (HasGone(watch_.has_gone)) return GiveUp(AskerHasGone());
    if (Clock::now() >= end_) {
      return GiveUp(
          absl::DeadlineExceededError(absl::StrCat(name_, " takes too long")));
    }
    LookLater();
  }

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
    timer_.Stop();
    if (done_ != nullptr) std::exchange(done_, nullptr)(std::move(output));
  }

  asio::io_context* const context_;
  Timer timer_;
  const std::string name_;
  Done done_;
  const Watch watch_;
  Clock::time_point end_;
  std::shared_ptr<AsyncSubprocess> program_;
  CommandOutput output_;
};

}  // namespace

void CommandRunner::Run(Command command, std::chrono::milliseconds deadline,
                        Done done, const Asker& asker) {
  thread_.AssertOnThread();
  waiting_.Push(asker.caller, {std::move(command), deadline, std::move(done),
                               asker.has_gone});
  StartWaiting();
}

void CommandRunner::StartWaiting() {
  thread_.AssertOnThread();
  while (std::optional<FairQueue<Waiting>::Turn> turn = waiting_.Next()) {
    turn->item.wait.End(metrics::Queue::kPrograms);
    Start(*std::move(turn));
  }
}

void CommandRunner::Start(FairQueue<Waiting>::Turn turn) {
  Waiting& next = turn.item;
  Done end = [this, caller = std::move(turn.caller),
              done = std::move(next.done)](
                 absl::StatusOr<CommandOutput> output) mutable {
    waiting_.Release(caller);
    StartWaiting();
    done(std::move(output));
  };
  if (HasGone(next.has_gone)) {
    return asio::post(
        *context_, [end = std::move(end)]() mutable { end(AskerHasGone()); });
  }
  const std::string name = next.command.program;
  std::make_shared<RunningCommand>(
      context_, name, std::move(end),
      RunningCommand::Watch{[this] { DropWaiting(); },
                            std::move(next.has_gone)})
      ->Start(next.command, next.deadline);
}

void CommandRunner::DropWaiting() {
  std::vector<Done> dropped;
  waiting_.RemoveIf([&dropped](Waiting& waiting) {
    if (!HasGone(waiting.has_gone)) return false;
    dropped.push_back(std::move(waiting.done));
    return true;
  });
  for (Done& done : dropped) done(AskerHasGone());
}

}  // namespace dissectd::server
