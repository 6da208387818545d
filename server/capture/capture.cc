// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/capture.h"

#include <sys/wait.h>

#include <asio/post.hpp>
#include <chrono>
#include <csignal>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/utf8.h"
#include "google/protobuf/util/time_util.h"
#include "server/base/resource_names.h"
#include "server/base/timestamp.h"
#include "server/capture/capture_options.h"
#include "server/capture/interface_state.h"
#include "server/dumpcap/capture_errors.h"
#include "server/rpc/grpc_status.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Kind = SyncMessage::Kind;

// Many times what starting takes.
constexpr seconds kStartDeadline(10);
// How long dumpcap has to end after each signal.
constexpr seconds kStopPatience(5);
// dumpcap's own clock comes first, unless the interface is down: then it waits
// for packets and forgets the time.
constexpr seconds kDurationGrace(1);
constexpr seconds kWatchInterval(1);

absl::string_view BaseName(absl::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

int NextSignal(int signal) { return signal == SIGINT ? SIGTERM : SIGKILL; }

}  // namespace

Capture::Capture(asio::io_context* context, v1::Capture description)
    : Capture(context, std::move(description), CaptureLog()) {}

Capture::Capture(asio::io_context* context, v1::Capture description,
                 CaptureLog log)
    : context_(context),
      description_(std::move(description)),
      log_(std::move(log)),
      start_timer_(*context),
      duration_timer_(*context),
      stop_timer_(*context),
      watch_timer_(*context) {}

Capture::~Capture() {
  if (program_ != nullptr) program_->Abandon();
}

bool Capture::has_ended() const { return description_.has_stopped(); }

void Capture::Start(const Command& command, Started started) {
  started_ = std::move(started);
  dumpcap_ = command.program;
  SetState(v1::CAPTURE_STATE_STARTING);
  AsyncSubprocess::Handlers handlers;
  // Without cycles: the program doesn't keep its capture.
  handlers.on_stderr = [self = weak_from_this()](absl::string_view bytes) {
    if (const auto capture = self.lock()) capture->OnSyncPipe(bytes);
  };
  handlers.on_end = [self = weak_from_this()](int wait_status) {
    if (const auto capture = self.lock()) capture->OnEnd(wait_status);
  };
  auto program = AsyncSubprocess::Start(context_, command, std::move(handlers));
  if (!program.ok()) {
    spdlog::error("{}", std::string(program.status().message()));
    Fail(errors::DumpcapMissing(command.program));
    asio::post(*context_, [self = shared_from_this()] { self->Finish(0); });
    return;
  }
  program_ = *std::move(program);
  v1::CaptureEvent event;
  event.mutable_started()->set_process_id(program_->pid());
  Note(std::move(event));
  AwaitDuration();
  WatchInterfaces();
  if (ReadsPipes(description_.options())) {
    asio::post(*context_, [self = shared_from_this()] {
      self->ReportStart(absl::OkStatus());
    });
  } else {
    AwaitStart();
  }
}

void Capture::AwaitStart() {
  start_timer_.expires_after(kStartDeadline);
  start_timer_.async_wait([self = weak_from_this()](asio::error_code error) {
    const auto capture = self.lock();
    if (error || capture == nullptr) return;
    capture->Fail(errors::DumpcapHangs(capture->dumpcap_));
    capture->Escalate(SIGKILL);
  });
}

void Capture::AwaitDuration() {
  const v1::StopConditions& stop = description_.options().stop();
  if (!stop.has_duration()) return;
  const int64_t duration =
      google::protobuf::util::TimeUtil::DurationToMilliseconds(stop.duration());
  duration_timer_.expires_after(milliseconds(duration) + kDurationGrace);
  duration_timer_.async_wait([self = weak_from_this()](asio::error_code error) {
    const auto capture = self.lock();
    if (!error && capture != nullptr) {
      capture->Stop(v1::STOP_REASON_CONDITION);
    }
  });
}

void Capture::Stop(v1::StopReason reason) {
  if (has_ended()) return;
  const bool kills = reason == v1::STOP_REASON_KILLED;
  if (stop_reason_ == v1::STOP_REASON_UNSPECIFIED || kills) {
    stop_reason_ = reason;
  }
  if (kills) {
    Escalate(SIGKILL);
  } else if (description_.state() != v1::CAPTURE_STATE_STOPPING) {
    Escalate(SIGINT);
  }
}

void Capture::Escalate(int signal) {
  if (program_ == nullptr) return;
  if (description_.state() != v1::CAPTURE_STATE_STOPPING) {
    SetState(v1::CAPTURE_STATE_STOPPING);
    subscribers_.NotifyAll();
  }
  program_->Signal(signal);
  stop_timer_.expires_after(kStopPatience);
  stop_timer_.async_wait(
      [self = weak_from_this(), signal](asio::error_code error) {
        const auto capture = self.lock();
        if (!error && capture != nullptr) capture->Escalate(NextSignal(signal));
      });
}

void Capture::OnSyncPipe(absl::string_view bytes) {
  absl::StatusOr<std::vector<SyncMessage>> messages = parser_.Take(bytes);
  if (!messages.ok()) {
    // Its later complaints say more about the same.
    if (!failure_.ok()) return;
    Fail(errors::DumpcapProtocolError(messages.status().message()));
    Escalate(SIGTERM);
    return;
  }
  for (const SyncMessage& message : *messages) OnMessage(message);
}

void Capture::OnMessage(const SyncMessage& message) {
  switch (message.kind) {
    case Kind::kFile:
      return OnFile(message.text);
    case Kind::kPacketCount:
      return OnPackets(message.number);
    case Kind::kDrops:
      return OnDrops(message);
    case Kind::kBadFilter:
      return OnBadFilter(message);
    case Kind::kError:
      return OnError(message);
    case Kind::kWarning:
      return NoteText(message.text, message.secondary);
    case Kind::kLog:
      spdlog::info("dumpcap: {}", message.text);
      return;
    case Kind::kSuccess:
    case Kind::kInterfaceList:
    case Kind::kExecFailed:
      Fail(errors::DumpcapProtocolError(absl::StrCat(
          "a message ", std::string(1, static_cast<char>(message.kind)),
          " in a capture")));
      Escalate(SIGTERM);
  }
}

void Capture::OnFile(const std::string& path) {
  if (!complaint_.ok()) {
    NoteText(std::string(complaint_.message()), "");
    complaint_ = absl::OkStatus();
  }
  const std::string name = FileName(
      absl::StrCat(description_.name(), "/", MakeValidUtf8(BaseName(path))));
  v1::CaptureFile* file = description_.add_files();
  file->set_file(name);
  file->set_first_packet(description_.packets_written() + 1);
  const uint32_t kept = description_.options().ring().files();
  // dumpcap deletes the oldest, and doesn't say so.
  if (kept != 0 && description_.files_size() > static_cast<int>(kept)) {
    description_.mutable_files()->DeleteSubrange(0, 1);
    description_.set_files_deleted(description_.files_deleted() + 1);
  }
  if (description_.state() == v1::CAPTURE_STATE_STARTING) {
    SetState(v1::CAPTURE_STATE_RUNNING);
  }
  v1::CaptureEvent event;
  event.mutable_file_opened()->set_file(name);
  Note(std::move(event));
  ReportStart(absl::OkStatus());
}

void Capture::OnPackets(uint64_t packets) {
  if (description_.files().empty()) {
    Fail(errors::DumpcapProtocolError("packets before a file"));
    Escalate(SIGTERM);
    return;
  }
  description_.set_packets_written(description_.packets_written() + packets);
  v1::CaptureFile* file =
      description_.mutable_files(description_.files_size() - 1);
  file->set_packets(file->packets() + packets);
  v1::CaptureEvent event;
  event.mutable_packets_written()->set_new_packets(packets);
  event.mutable_packets_written()->set_total_packets(
      description_.packets_written());
  Note(std::move(event));
}

void Capture::OnDrops(const SyncMessage& message) {
  v1::CaptureEvent event;
  v1::PacketsDropped* drops = event.mutable_packets_dropped();
  drops->set_interface(MakeValidUtf8(message.text));
  drops->set_packets(message.number);
  *description_.add_drops() = *drops;
  Note(std::move(event));
}

void Capture::OnBadFilter(const SyncMessage& message) {
  const std::string text = MakeValidUtf8(message.text);
  const auto index = static_cast<uint32_t>(message.number);
  v1::CaptureEvent event;
  event.mutable_bad_capture_filter()->set_interface_index(index);
  event.mutable_bad_capture_filter()->set_message(text);
  Note(std::move(event));
  Fail(errors::CaptureFilterInvalid(index, text));
}

void Capture::OnError(const SyncMessage& message) {
  const std::string primary = MakeValidUtf8(message.text);
  const std::string secondary = MakeValidUtf8(message.secondary);
  const absl::Status error = errors::DumpcapError(primary, secondary, dumpcap_);
  if (description_.files().empty()) {
    // Known at the end: dumpcap may go on after it.
    complaint_ = error;
    return;
  }
  NoteText(primary, secondary);
  Fail(error);
}

void Capture::OnEnd(int wait_status) {
  if (parser_.in_message()) {
    Fail(errors::DumpcapProtocolError("half a message"));
  }
  Finish(wait_status);
}

void Capture::Fail(const absl::Status& status) {
  if (failure_.ok()) failure_ = status;
}

void Capture::Finish(int wait_status) {
  program_.reset();
  for (asio::steady_timer* timer :
       {&start_timer_, &duration_timer_, &stop_timer_, &watch_timer_}) {
    timer->cancel();
  }
  const bool killed = stop_reason_ == v1::STOP_REASON_KILLED;
  // Before there is a file, dumpcap takes a signal for an error.
  const bool as_asked =
      killed || (stop_reason_ != v1::STOP_REASON_UNSPECIFIED &&
                 description_.files().empty());
  if (!complaint_.ok() && !as_asked) Fail(complaint_);
  if (!as_asked && wait_status != 0) {
    Fail(errors::DumpcapFailed(DescribeWaitStatus(wait_status)));
  }
  v1::StopReason reason = stop_reason_;
  if (!failure_.ok() && !killed) {
    reason = v1::STOP_REASON_FAILED;
  } else if (reason == v1::STOP_REASON_UNSPECIFIED) {
    reason = v1::STOP_REASON_CONDITION;
  }
  v1::CaptureStopped stopped;
  stopped.set_reason(reason);
  if (reason == v1::STOP_REASON_FAILED) {
    *stopped.mutable_failure() = FailureOf(failure_);
  }
  if (WIFSIGNALED(wait_status)) {
    stopped.set_signal(WTERMSIG(wait_status));
  } else {
    stopped.set_exit_status(WEXITSTATUS(wait_status));
  }
  stopped.set_packets_written(description_.packets_written());
  uint64_t dropped = 0;
  for (const v1::PacketsDropped& drops : description_.drops()) {
    dropped += drops.packets();
  }
  stopped.set_packets_dropped(dropped);
  *description_.mutable_stopped() = stopped;
  *description_.mutable_end_time() = TimestampNow();
  SetState(reason == v1::STOP_REASON_FAILED ? v1::CAPTURE_STATE_FAILED
                                            : v1::CAPTURE_STATE_STOPPED);
  v1::CaptureEvent event;
  *event.mutable_stopped() = stopped;
  const absl::Status status = failure_;
  Note(std::move(event));
  ReportStart(status.ok() && description_.files().empty()
                  ? errors::DumpcapFailed(DescribeWaitStatus(wait_status))
                  : status);
}

void Capture::ReportStart(const absl::Status& status) {
  start_timer_.cancel();
  if (started_ != nullptr) std::exchange(started_, nullptr)(status);
}

void Capture::Note(v1::CaptureEvent event) {
  log_.Add(std::move(event));
  description_.set_last_sequence(log_.last_sequence());
  subscribers_.NotifyAll();
}

void Capture::NoteText(const std::string& primary,
                       const std::string& secondary) {
  v1::CaptureEvent event;
  event.mutable_message()->set_primary(primary);
  event.mutable_message()->set_secondary(secondary);
  Note(std::move(event));
}

// dumpcap waits for an interface that is down, and says nothing.
void Capture::WatchInterfaces() {
  for (const v1::InterfaceOptions& interface :
       description_.options().interfaces()) {
    const std::string& name = interface.name();
    const absl::optional<bool> up = IsInterfaceUp(name);
    if (!up.has_value()) continue;
    const auto [before, first_time] = up_.try_emplace(name, *up);
    if (first_time || before->second == *up) continue;
    before->second = *up;
    NoteText(absl::StrFormat("The interface \"%s\" went %s.", name,
                             *up ? "up" : "down"),
             *up ? "" : "The capture goes on when it is up again.");
  }
  watch_timer_.expires_after(kWatchInterval);
  watch_timer_.async_wait([self = weak_from_this()](asio::error_code error) {
    const auto capture = self.lock();
    if (!error && capture != nullptr) capture->WatchInterfaces();
  });
}

}  // namespace dissectd::server
