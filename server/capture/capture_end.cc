// SPDX-License-Identifier: GPL-2.0-or-later

// How a capture is stopped, and what is said about its end.

#include <sys/stat.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <memory>
#include <utility>

#include "google/protobuf/util/time_util.h"
#include "server/capture/capture.h"
#include "server/capture/capture_options.h"
#include "server/capture/stop_conditions.h"
#include "server/dumpcap/capture_errors.h"
#include "server/metrics/events.h"
#include "server/rpc/grpc_status.h"

namespace dissectd::server {
namespace {

// How long dumpcap has to end after each signal.
constexpr std::chrono::seconds kStopTimeout(5);

int NextSignal(int signal) { return signal == SIGINT ? SIGTERM : SIGKILL; }

metrics::Event EventOf(v1::StopReason reason) {
  switch (reason) {
    case v1::STOP_REASON_REQUESTED:
      return metrics::Event::kCaptureRequested;
    case v1::STOP_REASON_CONDITION:
      return metrics::Event::kCaptureMetCondition;
    case v1::STOP_REASON_KILLED:
      return metrics::Event::kCaptureKilled;
    case v1::STOP_REASON_SHUTDOWN:
      return metrics::Event::kCaptureShutDown;
    case v1::STOP_REASON_INTERRUPTED:
      return metrics::Event::kCaptureInterrupted;
    case v1::STOP_REASON_IDLE:
      return metrics::Event::kCaptureIdle;
    default:
      return metrics::Event::kCaptureFailed;
  }
}

}  // namespace

void Capture::Stop(v1::StopReason reason) {
  thread_.AssertOnThread();
  if (has_ended() || is_left()) return;
  const bool kills = reason == v1::STOP_REASON_KILLED;
  if (stop_reason_ == v1::STOP_REASON_UNSPECIFIED || kills) {
    stop_reason_ = reason;
    NoteStop();
  }
  if (kills) {
    KillSources();
    Escalate(SIGKILL);
  } else if (description().state() != v1::CAPTURE_STATE_STOPPING) {
    Escalate(SIGINT);
  }
}

void Capture::StopWith(const absl::Status& error) {
  thread_.AssertOnThread();
  if (has_ended() || is_left() || stop_reason_ != v1::STOP_REASON_UNSPECIFIED) {
    return;
  }
  Fail(error);
  Stop(v1::STOP_REASON_FAILED);
}

void Capture::Escalate(int signal) {
  if (program_ == nullptr) return;
  if (description().state() != v1::CAPTURE_STATE_STOPPING) {
    history_.SetState(v1::CAPTURE_STATE_STOPPING);
    subscribers_.NotifyAll();
  }
  program_->Signal(signal);
  stop_timer_.Start(kStopTimeout, [self = weak_from_this(), signal] {
    const auto capture = self.lock();
    if (capture != nullptr) capture->Escalate(NextSignal(signal));
  });
}

void Capture::OnEnd(const CaptureProcess::End& end) {
  thread_.AssertOnThread();
  program_.reset();
  dumpcap_end_ = end;
  if (end.abandoned && stop_reason_ == v1::STOP_REASON_UNSPECIFIED) {
    stop_reason_ = AbandonReason();
  }
  EndSources();
  FinishIfAllEnded();
}

void Capture::Fail(const absl::Status& status) {
  if (failure_.ok()) failure_ = status;
}

bool Capture::HasStoppedItself() const {
  CaptureExtent extent;
  extent.packets = description().packets_written();
  extent.files = history_.files_opened();
  struct stat status;
  if (stat(current_path_.c_str(), &status) == 0) {
    extent.file_size_bytes = static_cast<uint64_t>(status.st_size);
  }
  const auto until_now = std::chrono::steady_clock::now() - start_time_;
  extent.duration = dumpcap_end_.has_value()
                        ? dumpcap_end_->duration.value_or(until_now)
                        : until_now;
  return HasMetStopCondition(description().options(), extent);
}

// Decides whether the capture failed. `had_sources` is whether it captured from
// extcap programs.
void Capture::Judge(int wait_status, bool had_sources) {
  // The program's failure is the reason for what dumpcap says. If dumpcap had
  // all packets that were asked for, the program can't have written the next
  // one.
  const bool unasked = stop_reason_ == v1::STOP_REASON_UNSPECIFIED;
  if (!source_failure_.ok() && unasked &&
      (!HasStoppedItself() || ReadsPipes(description().options()))) {
    failure_ = source_failure_;
  }
  // Before its first file, dumpcap reports a signal as an error.
  const bool as_asked = stop_reason_ == v1::STOP_REASON_KILLED ||
                        (!unasked && history_.files().empty());
  if (!as_asked) {
    if (!complaint_.ok()) Fail(complaint_);
    if (wait_status != 0) {
      Fail(errors::DumpcapFailed(DescribeWaitStatus(wait_status)));
    }
  }
  if (unasked && !had_sources && !HasStoppedItself()) {
    metrics::Count(metrics::Event::kDumpcapEndedUnasked);
    Fail(errors::DumpcapEndedUnasked());
  }
}

v1::CaptureStopped Capture::DescribeStop(int wait_status) const {
  v1::CaptureStopped stopped;
  if (!failure_.ok() && stop_reason_ != v1::STOP_REASON_KILLED) {
    stopped.set_reason(v1::STOP_REASON_FAILED);
    *stopped.mutable_failure() = FailureOf(failure_);
  } else if (stop_reason_ == v1::STOP_REASON_UNSPECIFIED) {
    stopped.set_reason(v1::STOP_REASON_CONDITION);
  } else {
    stopped.set_reason(stop_reason_);
  }
  if (WIFSIGNALED(wait_status)) {
    stopped.set_signal(WTERMSIG(wait_status));
  } else {
    stopped.set_exit_status(WEXITSTATUS(wait_status));
  }
  stopped.set_packets_written(description().packets_written());
  uint64_t dropped = 0;
  for (const v1::PacketsDropped& drops : description().drops()) {
    dropped += drops.packets();
  }
  stopped.set_packets_dropped(dropped);
  return stopped;
}

void Capture::StopTimers() {
  for (Timer* timer : {&start_timer_, &duration_timer_, &stop_timer_,
                       &client_timer_, &idle_timer_, &source_timer_}) {
    timer->Stop();
  }
  if (state_watch_ != nullptr) state_watch_->Stop();
}

void Capture::Finish(int wait_status) {
  program_.reset();
  // They have ended, unless dumpcap couldn't be started.
  const bool had_sources = !sources_.empty();
  sources_.clear();
  if (pipe_ != nullptr) pipe_->Close();
  StopTimers();
  Judge(wait_status, had_sources);
  v1::CaptureEvent event;
  *event.mutable_stopped() = DescribeStop(wait_status);
  metrics::Count(EventOf(event.stopped().reason()));
  if (dumpcap_end_.has_value() && dumpcap_end_->time_since_1970.has_value()) {
    *event.mutable_time() =
        google::protobuf::util::TimeUtil::NanosecondsToTimestamp(
            dumpcap_end_->time_since_1970->count());
  }
  const absl::Status status = failure_;
  AddEvent(std::move(event));
  ReportStart(status.ok() && history_.files().empty()
                  ? errors::DumpcapFailed(DescribeWaitStatus(wait_status))
                  : status);
}

}  // namespace dissectd::server
