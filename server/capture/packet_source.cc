// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/packet_source.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/utf8.h"
#include "server/extcap/extcap_errors.h"
#include "server/process/process_errors.h"

namespace dissectd::server {
namespace {

// How long a program has to end after SIGTERM.
constexpr std::chrono::milliseconds kStopTimeout(3000);
// The end of what a program prints: the reason of its failure is usually its
// last line.
constexpr size_t kMaxErrorBytes = 800;

}  // namespace

absl::StatusOr<std::shared_ptr<PacketSource>> PacketSource::Start(
    asio::io_context* context, const ExtcapSource& source,
    absl::AnyInvocable<void()> on_end, UniqueFd* packets) {
  // make_shared can't call the private constructor.
  std::shared_ptr<PacketSource> started(new PacketSource(context, source));
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return absl::ErrnoToStatus(errno, "can't create a pipe");
  }
  *packets = UniqueFd(ends[0]);
  AsyncSubprocess::Descriptors descriptors;
  descriptors.others.emplace_back(ends[1]);
  AsyncSubprocess::Handlers handlers;
  // The program must not keep its source alive.
  handlers.on_stderr =
      [self = std::weak_ptr<PacketSource>(started)](absl::string_view bytes) {
        if (const auto source = self.lock()) source->OnErrors(bytes);
      };
  handlers.on_end = [self = std::weak_ptr<PacketSource>(started)](int status) {
    if (const auto source = self.lock()) source->OnEnd(status);
  };
  absl::StatusOr<std::shared_ptr<AsyncSubprocess>> process =
      AsyncSubprocess::Start(context, source.command, std::move(handlers),
                             std::move(descriptors));
  if (!process.ok()) {
    if (IsUnrelatedToProgram(process.status())) return process.status();
    return errors::ExtcapFailed(source.program, "can't be started",
                                process.status().message());
  }
  started->process_ = *std::move(process);
  started->on_end_ = std::move(on_end);
  return started;
}

PacketSource::~PacketSource() {
  if (process_ != nullptr) process_->Abandon();
}

void PacketSource::End(std::chrono::milliseconds patience) {
  if (has_ended() || told_to_end_) return;
  SignalAfter(patience, SIGTERM);
}

void PacketSource::Kill() {
  told_to_end_ = true;
  if (!has_ended()) process_->Signal(SIGKILL);
}

void PacketSource::SignalAfter(std::chrono::milliseconds time, int signal) {
  timer_.Start(time, [self = weak_from_this(), signal] {
    const auto source = self.lock();
    if (source == nullptr || source->has_ended()) return;
    source->told_to_end_ = true;
    source->process_->Signal(signal);
    if (signal == SIGTERM) source->SignalAfter(kStopTimeout, SIGKILL);
  });
}

void PacketSource::OnErrors(absl::string_view bytes) {
  absl::StrAppend(&errors_, bytes);
  if (errors_.size() > kMaxErrorBytes) {
    errors_.erase(0, errors_.size() - kMaxErrorBytes);
  }
}

void PacketSource::OnEnd(int wait_status) {
  process_.reset();
  timer_.Stop();
  // What was cut may have been within a character.
  errors_ = MakeValidUtf8(errors_);
  if (wait_status != 0 && !told_to_end_) {
    failure_ = errors::ExtcapFailed(
        program_, absl::StrCat("ended with ", DescribeWaitStatus(wait_status)),
        errors_);
  }
  if (on_end_ != nullptr) std::exchange(on_end_, nullptr)();
}

}  // namespace dissectd::server
