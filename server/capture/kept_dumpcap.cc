// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/kept_dumpcap.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <asio/post.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/capture_keeper/keeper_descriptors.h"
#include "server/capture_keeper/record_socket.h"
#include "server/dumpcap/sync_pipe.h"
#include "server/process/async_subprocess.h"
#include "server/process/process_errors.h"

namespace dissectd::server {
namespace {

using Kind = KeeperRecord::Kind;
using std::chrono::nanoseconds;

// Returns the command that starts the keeper of a dumpcap.
Command KeeperOf(const Command& dumpcap, const KeptDumpcap::Launch& launch) {
  Command keeper = dumpcap;
  keeper.program = launch.program;
  keeper.arguments = {absl::StrCat(launch.patience.count()), dumpcap.program};
  keeper.arguments.insert(keeper.arguments.end(), dumpcap.arguments.begin(),
                          dumpcap.arguments.end());
  return keeper;
}

// Starts a keeper, and waits for its end in the background. Its connection says
// more about that.
absl::Status StartKeeper(asio::io_context* context, const Command& command,
                         AsyncSubprocess::Descriptors descriptors) {
  // Freed only when the keeper has ended: otherwise, the keeper would be killed
  // with the context.
  auto* const keeper = new std::shared_ptr<AsyncSubprocess>();
  AsyncSubprocess::Handlers handlers;
  handlers.on_end = [keeper](int) { delete keeper; };
  absl::StatusOr<std::shared_ptr<AsyncSubprocess>> started =
      AsyncSubprocess::Start(context, command, std::move(handlers),
                             std::move(descriptors));
  if (!started.ok()) {
    delete keeper;
    return started.status();
  }
  *keeper = *std::move(started);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<KeptDumpcap>> KeptDumpcap::Start(
    asio::io_context* context, const Command& dumpcap, Launch launch,
    Handlers handlers) {
  // make_shared can't call the private constructor.
  std::shared_ptr<KeptDumpcap> kept(
      new KeptDumpcap(context, dumpcap.program, {}, std::move(handlers)));
  kept->connection_.assign(launch.files.connection.release());
  // The keeper has the notes before it can say anything.
  kept->SetNotes(launch.notes);
  AsyncSubprocess::Descriptors descriptors;
  static_assert(kKeeperListener == AsyncSubprocess::kFirstOther);
  static_assert(kKeeperResult == kKeeperListener + 1);
  const Command keeper = KeeperOf(dumpcap, launch);
  descriptors.others.push_back(std::move(launch.files.listener));
  descriptors.others.push_back(std::move(launch.files.result));
  RETURN_IF_ERROR(StartKeeper(context, keeper, std::move(descriptors)));
  kept->AwaitRecord();
  return kept;
}

std::shared_ptr<KeptDumpcap> KeptDumpcap::Adopt(asio::io_context* context,
                                                KeptCapture kept,
                                                const Position& position,
                                                Handlers handlers) {
  std::shared_ptr<KeptDumpcap> dumpcap(
      new KeptDumpcap(context, "", position, std::move(handlers)));
  dumpcap->process_ = std::move(kept.process);
  dumpcap->in_journal_ = true;
  if (kept.connection.valid()) {
    dumpcap->connection_.assign(kept.connection.release());
    dumpcap->AwaitRecord();
    return dumpcap;
  }
  asio::post(*context, [dumpcap, rest = std::move(kept.rest)]() mutable {
    for (KeeperRecord& record : rest) {
      dumpcap->Take(std::move(record), UniqueFd());
    }
  });
  return dumpcap;
}

void KeptDumpcap::Signal(int signal) {
  thread_.AssertOnThread();
  // The keeper hasn't said yet which process it is.
  if (!process_.valid()) early_signal_ = signal;
  syscall(SYS_pidfd_send_signal, process_.get(), signal, nullptr, 0);
}

void KeptDumpcap::SetNotes(std::string notes) {
  Send({Kind::kNotes, {}, std::move(notes)});
}

void KeptDumpcap::Acknowledge(uint64_t files, bool has_end) {
  thread_.AssertOnThread();
  if (acknowledged_files_ == files && !has_end) return;
  acknowledged_files_ = files;
  in_journal_ = true;
  KeeperRecord record = {Kind::kAcknowledge, {}, {}};
  record.numbers[KeeperRecord::kFiles] = files;
  record.numbers[KeeperRecord::kHasEnd] = has_end ? 1 : 0;
  Send(record);
}

// A keeper reads at once, so that it lacks room for a record only if it was
// stopped. The next record of a kind says all that the lost one did.
void KeptDumpcap::Send(const KeeperRecord& record) {
  thread_.AssertOnThread();
  if (connection_.is_open()) {
    SendRecord(connection_.native_handle(), record);
  }
}

void KeptDumpcap::Leave() {
  thread_.AssertOnThread();
  handlers_ = {};
  ended_ = true;
  connection_.close();
  exit_.close();
}

void KeptDumpcap::AwaitRecord() {
  connection_.async_wait(
      asio::posix::stream_descriptor::wait_read,
      [weak = weak_from_this()](const asio::error_code& error) {
        const auto self = weak.lock();
        if (self != nullptr && !error) self->OnReadable();
      });
}

void KeptDumpcap::OnReadable() {
  thread_.AssertOnThread();
  while (connection_.is_open()) {
    UniqueFd descriptor;
    absl::StatusOr<KeeperRecord> record =
        ReceiveRecord(connection_.native_handle(), &descriptor);
    if (record.ok()) {
      Take(*std::move(record), std::move(descriptor));
    } else if (absl::IsUnavailable(record.status())) {
      return AwaitRecord();
    } else {
      return OnDisconnected();
    }
  }
}

void KeptDumpcap::Take(KeeperRecord record, UniqueFd descriptor) {
  if (ended_) return;
  switch (record.kind) {
    case Kind::kHello:
      return OnHello(record, std::move(descriptor));
    case Kind::kNotStarted: {
      ended_ = true;
      const auto error = static_cast<int>(record.numbers[KeeperRecord::kErrno]);
      return handlers_.on_not_started(
          errors::ProgramNotStarted(dumpcap_, error));
    }
    case Kind::kMessage:
      return OnMessage(record);
    case Kind::kCount:
      return OnCount(record.numbers[KeeperRecord::kPackets]);
    case Kind::kStray:
      return handlers_.on_messages(absl::DataLossError(record.text));
    case Kind::kRefused:
      return handlers_.on_refused(
          static_cast<pid_t>(record.numbers[KeeperRecord::kPeer]));
    case Kind::kEnd:
      return OnEnd(record);
    default:
      return;
  }
}

void KeptDumpcap::OnHello(const KeeperRecord& record, UniqueFd process) {
  process_ = std::move(process);
  handlers_.on_start(
      static_cast<pid_t>(record.numbers[KeeperRecord::kProcess]));
  if (early_signal_ != 0) Signal(early_signal_);
}

void KeptDumpcap::OnMessage(const KeeperRecord& record) {
  OnCount(record.numbers[KeeperRecord::kPackets]);
  const uint64_t files = record.numbers[KeeperRecord::kFiles];
  const uint64_t drops = record.numbers[KeeperRecord::kDrops];
  SyncPipeParser parser;
  absl::StatusOr<std::vector<SyncMessage>> messages = parser.Take(record.text);
  if (ended_ || !messages.ok() || messages->size() != 1) return;
  switch (messages->front().kind) {
    case SyncMessage::Kind::kFile:
      if (files <= position_.files) return;
      position_.files = files;
      break;
    case SyncMessage::Kind::kDrops:
      if (drops <= position_.drops) return;
      position_.drops = drops;
      break;
    default:
      // What dumpcap said before its first file was only a warning.
      if (files == 0 && position_.files > 0) return;
      break;
  }
  handlers_.on_messages(std::move(messages));
}

void KeptDumpcap::OnCount(uint64_t packets) {
  if (ended_ || packets <= position_.packets) return;
  SyncMessage count = {SyncMessage::Kind::kPacketCount, "", "",
                       packets - position_.packets};
  position_.packets = packets;
  handlers_.on_messages(std::vector<SyncMessage>{std::move(count)});
}

void KeptDumpcap::OnEnd(const KeeperRecord& record) {
  CaptureProcess::End end;
  end.wait_status = static_cast<int>(record.numbers[KeeperRecord::kWaitStatus]);
  end.duration = nanoseconds(record.numbers[KeeperRecord::kElapsed]);
  end.time_since_1970 = nanoseconds(record.numbers[KeeperRecord::kEndTime]);
  end.abandoned = record.numbers[KeeperRecord::kAbandoned] != 0;
  Finish(end);
}

void KeptDumpcap::Finish(const CaptureProcess::End& end) {
  process_.reset();
  ended_ = true;
  // The connection stays until the journal has the end.
  const std::shared_ptr<KeptDumpcap> self = shared_from_this();
  handlers_.on_end(end);
}

void KeptDumpcap::OnDisconnected() {
  connection_.close();
  if (ended_) return;
  const std::shared_ptr<KeptDumpcap> self = shared_from_this();
  handlers_.on_lost();
  if (process_.valid()) return AwaitExit();
  Finish({});
}

void KeptDumpcap::AwaitExit() {
  exit_.assign(process_.Duplicate().release());
  exit_.async_wait(asio::posix::stream_descriptor::wait_read,
                   [weak = weak_from_this()](const asio::error_code& error) {
                     const auto self = weak.lock();
                     if (self != nullptr && !error && !self->ended_) {
                       self->Finish({});
                     }
                   });
}

}  // namespace dissectd::server
