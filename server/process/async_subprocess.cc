// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/process/async_subprocess.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <asio/buffer.hpp>
#include <cerrno>
#include <csignal>
#include <utility>

#include "core/base/status_macros.h"
#include "server/process/process_errors.h"

namespace dissectd::server {
namespace {

// Moves a descriptor to a number that the program doesn't get for another one,
// so that none is overwritten before it is passed on. Returns whether that
// worked.
bool MoveBehind(int end, UniqueFd* descriptor) {
  if (descriptor->get() >= end) return true;
  UniqueFd moved(fcntl(descriptor->get(), F_DUPFD_CLOEXEC, end));
  *descriptor = std::move(moved);
  return descriptor->valid();
}

}  // namespace

absl::StatusOr<std::shared_ptr<AsyncSubprocess>> AsyncSubprocess::Start(
    asio::io_context* context, const Command& command, Handlers handlers,
    Descriptors descriptors) {
  // make_shared can't call the private constructor.
  std::shared_ptr<AsyncSubprocess> program(new AsyncSubprocess(context));
  RETURN_IF_ERROR(
      program->Spawn(command, std::move(handlers), std::move(descriptors)));
  program->Read(program->stdout_);
  program->Read(program->stderr_);
  program->AwaitExit();
  return program;
}

absl::Status AsyncSubprocess::Spawn(const Command& command, Handlers handlers,
                                    Descriptors descriptors) {
  thread_.AssertOnThread();
  const auto fail = [&command] {
    return errors::ProgramNotStarted(command.program, errno);
  };
  on_end_ = std::move(handlers.on_end);
  kill_leftovers_ = command.kill_leftovers;
  UniqueFd& input = descriptors.input;
  if (!input.valid()) input = UniqueFd(open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!input.valid()) return fail();
  const UniqueFd output = OpenOutput(std::move(handlers.on_stdout), &stdout_);
  if (!output.valid()) return fail();
  const UniqueFd messages = OpenOutput(std::move(handlers.on_stderr), &stderr_);
  if (!messages.valid()) return fail();
  std::vector<Subprocess::Inherited> inherited = {
      {input.get(), STDIN_FILENO},
      {output.get(), STDOUT_FILENO},
      {messages.get(), STDERR_FILENO}};
  const int end = kFirstOther + static_cast<int>(descriptors.others.size());
  int number = kFirstOther;
  for (UniqueFd& other : descriptors.others) {
    if (!MoveBehind(end, &other)) return fail();
    inherited.push_back({other.get(), number++});
  }
  ASSIGN_OR_RETURN(Subprocess process, Subprocess::Start(command, inherited));
  process_.emplace(std::move(process));
  const auto exit =
      static_cast<int>(syscall(SYS_pidfd_open, process_->pid(), 0));
  if (exit < 0) return fail();
  exit_.assign(exit);
  return absl::OkStatus();
}

UniqueFd AsyncSubprocess::OpenOutput(
    absl::AnyInvocable<void(absl::string_view)> handler,
    std::shared_ptr<Output>* output) {
  if (handler == nullptr) {
    return UniqueFd(open("/dev/null", O_WRONLY | O_CLOEXEC));
  }
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return UniqueFd();
  *output = std::make_shared<Output>(context_);
  (*output)->pipe.assign(ends[0]);
  (*output)->pipe.non_blocking(true);
  (*output)->handler = std::move(handler);
  return UniqueFd(ends[1]);
}

void AsyncSubprocess::Signal(int signal) {
  thread_.AssertOnThread();
  if (process_.has_value()) kill(process_->pid(), signal);
}

void AsyncSubprocess::Abandon() {
  on_end_ = nullptr;
  for (const std::shared_ptr<Output>& output : {stdout_, stderr_}) {
    if (output != nullptr) output->pipe.close();
  }
  Signal(SIGKILL);
}

void AsyncSubprocess::Read(const std::shared_ptr<Output>& output) {
  if (output == nullptr || !output->pipe.is_open()) return;
  output->pipe.async_read_some(
      asio::buffer(output->buffer),
      [self = shared_from_this(), output](asio::error_code error, size_t size) {
        if (error) return;
        output->handler({output->buffer.data(), size});
        self->Read(output);
      });
}

// Reads the output that is in the pipe when the program has ended. Doesn't wait
// for the pipe's end, as other processes may have inherited it.
void AsyncSubprocess::ReadRest(const std::shared_ptr<Output>& output) {
  if (output == nullptr) return;
  asio::error_code error;
  while (output->pipe.is_open()) {
    const size_t size =
        output->pipe.read_some(asio::buffer(output->buffer), error);
    if (error) break;
    output->handler({output->buffer.data(), size});
  }
  output->pipe.close();
}

void AsyncSubprocess::AwaitExit() {
  exit_.async_wait(asio::posix::stream_descriptor::wait_read,
                   [self = shared_from_this()](asio::error_code error) {
                     if (!error) self->OnExit();
                   });
}

void AsyncSubprocess::OnExit() {
  thread_.AssertOnThread();
  exit_.close();
  // The group can't be another one's while the process isn't waited for.
  if (kill_leftovers_) kill(-process_->pid(), SIGKILL);
  ReadRest(stdout_);
  ReadRest(stderr_);
  const int wait_status = process_->Wait();
  process_.reset();
  if (on_end_ != nullptr) std::exchange(on_end_, nullptr)(wait_status);
}

}  // namespace dissectd::server
