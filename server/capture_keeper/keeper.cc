// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_keeper/keeper.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/write_contents.h"
#include "server/capture_keeper/record_socket.h"

namespace dissectd::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using Kind = KeeperRecord::Kind;

// How long dumpcap has to end after each signal.
constexpr std::chrono::seconds kStopTimeout(5);
constexpr std::chrono::seconds kRetryInterval(10);

uint64_t Nanoseconds(nanoseconds time) {
  return static_cast<uint64_t>(time.count());
}

}  // namespace

Keeper::Keeper(Options options, DumpcapChild dumpcap)
    : options_(std::move(options)), dumpcap_(std::move(dumpcap)) {}

void Keeper::Run() {
  while (!IsDone()) Poll();
}

bool Keeper::IsDone() const {
  if (!end_.has_value()) return false;
  return complete_ || (!daemon_.valid() && (written_ || !in_journal_));
}

milliseconds Keeper::TimeLeft() const {
  std::optional<Clock::time_point> next = next_signal_time_;
  const auto consider = [&next](Clock::time_point time) {
    next = next.has_value() ? std::min(*next, time) : time;
  };
  if (end_.has_value()) {
    next = retry_time_;
  } else if (!next.has_value() && !daemon_.valid()) {
    consider(gone_ + options_.patience);
  }
  if (!next.has_value()) return milliseconds(-1);
  const auto left = std::chrono::ceil<milliseconds>(*next - Clock::now());
  return std::max(left, milliseconds(0));
}

void Keeper::Poll() {
  std::array<pollfd, 5> events = {{
      {dumpcap_.messages.get(), POLLIN, 0},
      {end_.has_value() ? -1 : dumpcap_.process.get(), POLLIN, 0},
      {daemon_.get(),
       static_cast<decltype(pollfd::events)>(full_ ? POLLIN | POLLOUT : POLLIN),
       0},
      {options_.listener.get(), POLLIN, 0},
      {options_.signals.get(), POLLIN, 0},
  }};
  if (poll(events.data(), events.size(), static_cast<int>(TimeLeft().count())) <
      0) {
    return;
  }
  if (events[0].revents != 0) ReadMessages();
  if (events[1].revents != 0) OnExit();
  if (events[2].revents != 0) Receive();
  if (events[3].revents != 0) Accept();
  if (events[4].revents != 0) {
    signalfd_siginfo signal;
    told_to_end_ = read(options_.signals.get(), &signal, sizeof(signal)) > 0 ||
                   told_to_end_;
  }
  Send();
  CheckAbandoned();
}

void Keeper::Accept() {
  UniqueFd daemon = AcceptOwnUser(options_.listener.get());
  if (!daemon.valid()) return;
  // The daemon before may have gone just now.
  Receive();
  if (daemon_.valid()) return Refuse(daemon.get());
  daemon_ = std::move(daemon);
  cursor_ = {};
  end_sent_ = false;
  full_ = SendRecord(daemon_.get(), Hello(), dumpcap_.process.get()) !=
          SendResult::kSent;
  if (full_) Disconnect();
}

// The store has one daemon at a time, so that this is another program of the
// same user.
void Keeper::Refuse(int other) {
  KeeperRecord refused = {Kind::kRefused, {}, {}};
  refused.numbers[KeeperRecord::kPeer] =
      static_cast<uint64_t>(ProcessAtOtherEnd(other));
  SendRecord(daemon_.get(), refused);
}

void Keeper::Receive() {
  while (daemon_.valid()) {
    const absl::StatusOr<KeeperRecord> record =
        ReceiveRecord(daemon_.get(), nullptr);
    if (record.ok()) {
      Take(*record);
    } else if (absl::IsUnavailable(record.status())) {
      return;
    } else {
      Disconnect();
    }
  }
}

void Keeper::Take(const KeeperRecord& record) {
  switch (record.kind) {
    case Kind::kAcknowledge:
      in_journal_ = true;
      messages_.Forget(record.numbers[KeeperRecord::kFiles]);
      complete_ = record.numbers[KeeperRecord::kHasEnd] != 0;
      return;
    case Kind::kNotes:
      notes_ = record.text;
      return;
    default:
      return;
  }
}

std::optional<KeeperRecord> Keeper::NextRecord(
    KeptMessages::Cursor* cursor) const {
  std::optional<KeeperRecord> next = messages_.Next(cursor);
  return next.has_value() ? next : end_;
}

void Keeper::Send() {
  full_ = false;
  while (daemon_.valid() && !end_sent_) {
    KeptMessages::Cursor cursor = cursor_;
    const std::optional<KeeperRecord> record = NextRecord(&cursor);
    if (!record.has_value()) return;
    switch (SendRecord(daemon_.get(), *record)) {
      case SendResult::kSent:
        cursor_ = cursor;
        end_sent_ = record->kind == Kind::kEnd;
        break;
      case SendResult::kFull:
        full_ = true;
        return;
      case SendResult::kGone:
        Disconnect();
        return;
    }
  }
}

void Keeper::Disconnect() {
  daemon_.reset();
  full_ = false;
  gone_ = Clock::now();
}

void Keeper::ReadMessages() {
  std::array<char, 16384> buffer;
  while (dumpcap_.messages.valid()) {
    const ssize_t size =
        read(dumpcap_.messages.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) return dumpcap_.messages.reset();
    const absl::StatusOr<std::vector<SyncMessage>> messages =
        parser_.Take({buffer.data(), static_cast<size_t>(size)});
    if (!messages.ok()) {
      messages_.AddStray(messages.status().message());
      continue;
    }
    for (const SyncMessage& message : *messages) messages_.Add(message);
  }
}

void Keeper::OnExit() {
  // What it has said last.
  ReadMessages();
  dumpcap_.messages.reset();
  int status = 0;
  while (waitpid(dumpcap_.pid, &status, 0) < 0 && errno == EINTR) {
  }
  KeeperRecord end = {Kind::kEnd, {}, {}};
  end.numbers[KeeperRecord::kWaitStatus] = static_cast<uint64_t>(status);
  end.numbers[KeeperRecord::kElapsed] =
      Nanoseconds(Clock::now() - dumpcap_.start);
  end.numbers[KeeperRecord::kEndTime] =
      Nanoseconds(std::chrono::system_clock::now().time_since_epoch());
  end.numbers[KeeperRecord::kAbandoned] = abandoned_ ? 1 : 0;
  end_ = std::move(end);
  next_signal_time_.reset();
}

void Keeper::CheckAbandoned() {
  const Clock::time_point now = Clock::now();
  if (!end_.has_value()) {
    // The signals go on if a daemon comes now.
    const bool signalled = next_signal_time_.has_value();
    const bool too_long =
        !daemon_.valid() && (!in_journal_ || now >= gone_ + options_.patience);
    if (!signalled && (too_long || told_to_end_)) {
      abandoned_ = too_long;
      Escalate();
    } else if (signalled && now >= *next_signal_time_) {
      Escalate();
    }
    return;
  }
  if (daemon_.valid() || complete_ || !in_journal_ || written_) return;
  if (retry_time_.has_value() && now < *retry_time_) return;
  written_ = WriteResult();
  if (!written_) {
    retry_time_ = now + kRetryInterval;
    return;
  }
  // A daemon that has connected meanwhile, and may not have seen the file, is
  // answered. One that comes later finds it.
  Accept();
}

void Keeper::Escalate() {
  syscall(SYS_pidfd_send_signal, dumpcap_.process.get(), next_signal_, nullptr,
          0);
  next_signal_ = next_signal_ == SIGINT ? SIGTERM : SIGKILL;
  next_signal_time_ = Clock::now() + kStopTimeout;
}

KeeperRecord Keeper::Hello() const {
  KeeperRecord hello = {Kind::kHello, {}, notes_};
  hello.numbers[KeeperRecord::kVersion] = KeeperRecord::kCurrentVersion;
  hello.numbers[KeeperRecord::kProcess] = static_cast<uint64_t>(dumpcap_.pid);
  hello.numbers[KeeperRecord::kElapsed] =
      Nanoseconds(Clock::now() - dumpcap_.start);
  hello.numbers[KeeperRecord::kUnattended] = Nanoseconds(Clock::now() - gone_);
  return hello;
}

bool Keeper::WriteResult() {
  std::vector<KeeperRecord> records = {Hello()};
  KeptMessages::Cursor cursor;
  while (records.back().kind != Kind::kEnd) {
    records.push_back(*NextRecord(&cursor));
  }
  const int file = options_.result.get();
  return WriteContents(file, EncodeRecords(records)) == 0 &&
         fdatasync(file) == 0;
}

}  // namespace dissectd::server
