// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/statistics_run.h"

#include "server/dumpcap/capture_errors.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {

std::shared_ptr<StatisticsRun> StatisticsRun::Start(asio::io_context* context,
                                                    Dumpcap* dumpcap,
                                                    Handlers handlers) {
  // make_shared can't call the private constructor.
  std::shared_ptr<StatisticsRun> run(
      new StatisticsRun(dumpcap, std::move(handlers)));
  dumpcap->Prepare({"-S", "-M"},
                   [run, context](const absl::StatusOr<Command>& command) {
                     run->Spawn(context, command);
                   });
  return run;
}

void StatisticsRun::Abandon() {
  ended_ = true;
  if (program_ != nullptr) program_->Abandon();
  program_.reset();
}

void StatisticsRun::Spawn(asio::io_context* context,
                          const absl::StatusOr<Command>& command) {
  thread_.AssertOnThread();
  if (ended_) return;
  if (!command.ok()) return End(command.status());
  AsyncSubprocess::Handlers handlers;
  handlers.on_stdout = [self = shared_from_this()](absl::string_view bytes) {
    self->OnStdout(bytes);
  };
  handlers.on_stderr = [self = shared_from_this()](absl::string_view bytes) {
    self->OnStderr(bytes);
  };
  handlers.on_end = [self = shared_from_this()](int wait_status) {
    self->OnExit(wait_status);
  };
  auto program = AsyncSubprocess::Start(context, *command, std::move(handlers));
  if (!program.ok()) {
    return End(errors::DumpcapNotStarted(program.status(), command->program));
  }
  program_ = *std::move(program);
}

void StatisticsRun::OnStdout(absl::string_view bytes) {
  thread_.AssertOnThread();
  if (ended_) return;
  const auto counts = lines_.Take(bytes);
  if (!counts.ok()) return End(counts.status());
  for (const InterfaceCount& count : *counts) {
    counted_ = true;
    handlers_.on_count(count.name, count.packets);
  }
}

void StatisticsRun::OnStderr(absl::string_view bytes) {
  thread_.AssertOnThread();
  if (ended_) return;
  const auto messages = messages_.Take(bytes);
  if (!messages.ok()) {
    error_ = errors::DumpcapProtocolError(messages.status().message());
    return;
  }
  for (const SyncMessage& message : *messages) {
    if (message.kind != SyncMessage::Kind::kError) continue;
    error_ =
        errors::DumpcapError(message.text, message.secondary, dumpcap_->path());
  }
}

void StatisticsRun::OnExit(int wait_status) {
  thread_.AssertOnThread();
  if (ended_) return;
  if (counted_) {
    spdlog::warn("dumpcap -S ended with {}", DescribeWaitStatus(wait_status));
    return End(absl::OkStatus());
  }
  End(error_.ok() ? errors::DumpcapFailed(DescribeWaitStatus(wait_status))
                  : error_);
}

void StatisticsRun::End(const absl::Status& status) {
  if (ended_) return;
  Abandon();
  handlers_.on_end(status);
}

}  // namespace dissectd::server
