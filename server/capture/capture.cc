// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/capture.h"

#include <asio/post.hpp>
#include <chrono>
#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "google/protobuf/util/time_util.h"
#include "server/base/base_name.h"
#include "server/base/resource_names.h"
#include "server/base/timestamp.h"
#include "server/capture/capture_options.h"
#include "server/capture/child_dumpcap.h"
#include "server/capture/interface_state_watch.h"
#include "server/dumpcap/capture_errors.h"
#include "server/metrics/events.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Kind = SyncMessage::Kind;

// Starting usually takes some hundredths of a second.
constexpr seconds kStartDeadline(10);
// Lets dumpcap end by its own clock first. It forgets the time while the
// interface is down, as it waits for packets then.
constexpr seconds kDurationGrace(1);

// dumpcap complains about this if it runs as root but has no capabilities to
// drop.
constexpr absl::string_view kCannotDropCapabilities =
    "cap_set_proc() fail return";

}  // namespace

Capture::Capture(asio::io_context* context, CaptureHistory history)
    : context_(context),
      history_(std::move(history)),
      source_timer_(*context),
      start_timer_(*context),
      duration_timer_(*context),
      stop_timer_(*context),
      client_timer_(*context),
      idle_timer_(*context) {}

Capture::~Capture() = default;

void Capture::Start(const Command& command,
                    const std::vector<ExtcapSource>& sources, Started started) {
  thread_.AssertOnThread();
  started_ = std::move(started);
  dumpcap_ = command.program;
  unprivileged_ = command.unprivileged;
  history_.SetState(v1::CAPTURE_STATE_STARTING);
  metrics::Count(metrics::Event::kCaptureStarted);
  start_time_ = std::chrono::steady_clock::now();
  const absl::Status status = StartProgram(command, sources);
  if (!status.ok()) {
    asio::post(*context_, [self = shared_from_this(), status] {
      self->OnNotStarted(status);
    });
    return;
  }
  AwaitDuration();
  WatchInterfaces();
  AwaitSources();
  if (ReadsPipes(description().options()) || !sources_.empty()) {
    asio::post(*context_, [self = shared_from_this()] {
      self->ReportStart(absl::OkStatus());
    });
  } else {
    AwaitStart();
  }
}

absl::Status Capture::StartProgram(const Command& command,
                                   const std::vector<ExtcapSource>& sources) {
  if (launch_.has_value()) {
    notes_.dumpcap = command.program;
    launch_->notes = EncodeNotes(notes_);
    ASSIGN_OR_RETURN(kept_,
                     KeptDumpcap::Start(context_, command, *std::move(launch_),
                                        ProcessHandlers()));
    program_ = kept_;
    return absl::OkStatus();
  }
  AsyncSubprocess::Descriptors descriptors;
  if (ClientInterface(description().options()) != nullptr) {
    pipe_ = std::make_shared<PacketPipe>(context_);
    ASSIGN_OR_RETURN(descriptors.input, pipe_->Open());
    AwaitClient();
  }
  absl::StatusOr<std::vector<UniqueFd>> packets = StartSources(sources);
  if (!packets.ok()) {
    Fail(packets.status());
    return packets.status();
  }
  descriptors.others = *std::move(packets);
  ASSIGN_OR_RETURN(
      const std::shared_ptr<ChildDumpcap> child,
      ChildDumpcap::Start(context_, command, std::move(descriptors),
                          ProcessHandlers()));
  program_ = child;
  OnProcess(child->pid());
  return absl::OkStatus();
}

// The program must not keep its capture alive.
CaptureProcess::Handlers Capture::ProcessHandlers() {
  CaptureProcess::Handlers handlers;
  handlers.on_start = [self = weak_from_this()](pid_t pid) {
    if (const auto capture = self.lock()) capture->OnProcess(pid);
  };
  handlers.on_messages =
      [self = weak_from_this()](
          const absl::StatusOr<std::vector<SyncMessage>>& messages) {
        if (const auto capture = self.lock()) capture->OnMessages(messages);
      };
  handlers.on_not_started = [self =
                                 weak_from_this()](const absl::Status& status) {
    if (const auto capture = self.lock()) capture->OnNotStarted(status);
  };
  handlers.on_refused = [self = weak_from_this()](pid_t pid) {
    if (const auto capture = self.lock()) capture->OnRefused(pid);
  };
  handlers.on_lost = [self = weak_from_this()] {
    if (const auto capture = self.lock()) capture->OnLost();
  };
  handlers.on_end = [self = weak_from_this()](const CaptureProcess::End& end) {
    if (const auto capture = self.lock()) capture->OnEnd(end);
  };
  return handlers;
}

void Capture::OnProcess(pid_t pid) {
  thread_.AssertOnThread();
  v1::CaptureEvent event;
  event.mutable_started()->set_process_id(pid);
  metrics::Count(metrics::Event::kDumpcapStarted);
  AddEvent(std::move(event));
}

void Capture::OnNotStarted(const absl::Status& status) {
  thread_.AssertOnThread();
  spdlog::error("{}", std::string(status.message()));
  Fail(errors::DumpcapNotStarted(status, dumpcap_));
  Finish(0);
}

void Capture::AwaitStart() {
  start_timer_.Start(kStartDeadline, [self = weak_from_this()] {
    const auto capture = self.lock();
    if (capture == nullptr) return;
    capture->Fail(errors::DumpcapHangs(capture->dumpcap_));
    capture->Escalate(SIGKILL);
  });
}

void Capture::AwaitDuration() {
  const v1::StopConditions& stop = description().options().stop();
  if (!stop.has_duration()) return;
  const int64_t duration =
      google::protobuf::util::TimeUtil::DurationToMilliseconds(stop.duration());
  duration_timer_.StartAt(start_time_ + milliseconds(duration) + kDurationGrace,
                          [self = weak_from_this()] {
                            const auto capture = self.lock();
                            if (capture == nullptr) return;
                            capture->Stop(v1::STOP_REASON_CONDITION);
                          });
}

void Capture::OnMessages(
    const absl::StatusOr<std::vector<SyncMessage>>& messages) {
  thread_.AssertOnThread();
  if (!messages.ok()) {
    // Only the first error is of interest.
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
      return AddReport(message.text, message.secondary);
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
    AddReport(std::string(complaint_.message()), "");
    complaint_ = absl::OkStatus();
  }
  current_path_ = path;
  v1::CaptureEvent event;
  event.mutable_file_opened()->set_file(FileName(
      absl::StrCat(description().name(), "/", MakeValidUtf8(BaseName(path)))));
  AddEvent(std::move(event));
  ReportStart(absl::OkStatus());
}

void Capture::OnPackets(uint64_t packets) {
  if (history_.files().empty()) {
    Fail(errors::DumpcapProtocolError("packets before a file"));
    Escalate(SIGTERM);
    return;
  }
  metrics::Count(metrics::Event::kPacketsCaptured, packets);
  v1::CaptureEvent event;
  event.mutable_packets_written()->set_new_packets(packets);
  event.mutable_packets_written()->set_total_packets(
      description().packets_written() + packets);
  AddEvent(std::move(event));
}

void Capture::OnDrops(const SyncMessage& message) {
  v1::CaptureEvent event;
  v1::PacketsDropped* drops = event.mutable_packets_dropped();
  drops->set_interface(InterfaceOf(message.text));
  drops->set_packets(message.number);
  metrics::Count(metrics::Event::kPacketsDropped, message.number);
  AddEvent(std::move(event));
}

void Capture::OnBadFilter(const SyncMessage& message) {
  const std::string text = MakeValidUtf8(message.text);
  const auto index = static_cast<uint32_t>(message.number);
  v1::CaptureEvent event;
  event.mutable_bad_capture_filter()->set_interface_index(index);
  event.mutable_bad_capture_filter()->set_message(text);
  AddEvent(std::move(event));
  Fail(errors::CaptureFilterInvalid(index, text));
}

void Capture::OnError(const SyncMessage& message) {
  const std::string primary = MakeValidUtf8(message.text);
  if (unprivileged_ && absl::StartsWith(primary, kCannotDropCapabilities)) {
    return;
  }
  const std::string secondary = MakeValidUtf8(message.secondary);
  const absl::Status error = errors::DumpcapError(primary, secondary, dumpcap_);
  if (history_.files().empty()) {
    // dumpcap may continue after this error, so it is not known yet whether it
    // is fatal.
    complaint_ = error;
    return;
  }
  AddReport(primary, secondary);
  Fail(error);
}

void Capture::ReportStart(const absl::Status& status) {
  start_timer_.Stop();
  if (started_ != nullptr) std::exchange(started_, nullptr)(status);
}

void Capture::AddEvent(v1::CaptureEvent event) {
  thread_.AssertOnThread();
  history_.Add(std::move(event));
  subscribers_.NotifyAll();
}

void Capture::AddMessage(const std::string& primary,
                         const std::string& secondary) {
  v1::CaptureEvent event;
  event.mutable_message()->set_primary(primary);
  event.mutable_message()->set_secondary(secondary);
  AddEvent(std::move(event));
}

void Capture::WatchInterfaces() {
  std::vector<std::string> names;
  for (const v1::InterfaceOptions& interface :
       description().options().interfaces()) {
    if (!interface.from_client()) names.push_back(interface.name());
  }
  state_watch_ = std::make_shared<InterfaceStateWatch>(
      context_, std::move(names),
      [self = weak_from_this()](const std::string& name, bool up) {
        const auto capture = self.lock();
        if (capture == nullptr) return;
        capture->AddMessage(
            absl::StrFormat("The interface \"%s\" went %s.", name,
                            up ? "up" : "down"),
            up ? "" : "The capture goes on when it is up again.");
      });
  state_watch_->Start();
}

}  // namespace dissectd::server
