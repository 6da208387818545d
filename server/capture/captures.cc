// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/captures.h"

#include <algorithm>
#include <asio/post.hpp>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/paging.h"
#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/random_id.h"
#include "server/base/resource_names.h"
#include "server/base/timestamp.h"
#include "server/capture/orphan.h"
#include "server/dumpcap/capture_errors.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

constexpr size_t kMaxRequestIdBytes = 64;
// How often the record of a running capture follows its counters.
constexpr std::chrono::seconds kRecordInterval(1);

std::string IdOf(const Capture& capture) {
  return *ParseCaptureName(capture.description().name());
}

// A capture whose daemon died before it ended.
void MarkInterrupted(CaptureRecord* record) {
  v1::Capture& description = record->description;
  description.set_state(v1::CAPTURE_STATE_INTERRUPTED);
  *description.mutable_end_time() = TimestampNow();
  v1::CaptureStopped* stopped = description.mutable_stopped();
  stopped->set_reason(v1::STOP_REASON_INTERRUPTED);
  stopped->set_packets_written(description.packets_written());
  v1::CaptureEvent event;
  *event.mutable_stopped() = *stopped;
  record->log.Add(std::move(event));
  description.set_last_sequence(record->log.last_sequence());
}

uint64_t FilesOpened(const v1::Capture& capture) {
  return capture.files_deleted() + static_cast<uint64_t>(capture.files_size());
}

// In the order of their creation. With digits for all, as texts are compared.
std::string OrderOf(const v1::Capture& capture) {
  return absl::StrFormat("%020d.%09d %s", capture.create_time().seconds(),
                         capture.create_time().nanos(), capture.name());
}

}  // namespace

struct Captures::Beginning {
  std::string id;
  Principal principal;
  std::shared_ptr<Capture> capture;
  // Of all calls with its request_id.
  std::vector<Done> done;

  void Answer(const absl::StatusOr<v1::Capture>& answer) {
    for (Done& each : done) each(answer);
  }
};

Captures::Captures(Deps deps)
    : deps_(std::move(deps)), disk_(asio::make_strand(*deps_.pool)) {
  for (CaptureRecord& record : ReadRecords(deps_.root)) {
    Restore(std::move(record));
  }
}

void Captures::Restore(CaptureRecord record) {
  const bool interrupted = !record.description.has_stopped();
  if (interrupted) {
    EndOrphan(record.description, record.log);
    MarkInterrupted(&record);
  }
  const std::string name = record.description.name();
  const std::string id = *ParseCaptureName(name);
  Entry* entry =
      Add(id, std::make_shared<Capture>(&deps_.loop->context(),
                                        std::move(record.description),
                                        std::move(record.log)));
  entry->recorded = entry->capture->description().state();
  if (!interrupted) return;
  spdlog::warn("the capture {} was interrupted", name);
  deps_.loop->Post([this, id] { Record(id); });
}

void Captures::Create(const Principal& principal,
                      const v1::CreateCaptureRequest& request, Done done) {
  const absl::Status status =
      CheckCaptureOptions(request.options(), deps_.policy);
  if (!status.ok()) return done(status);
  if (request.request_id().size() > kMaxRequestIdBytes) {
    return done(errors::CaptureOptionInvalid("request_id", "is too long"));
  }
  if (AnswerAsBefore(principal, request.request_id(), &done)) return;
  if (stopping_) return done(errors::ServerStopping());
  if (RunningCaptures() >= deps_.limit) {
    return done(errors::TooManyCaptures(deps_.limit));
  }
  auto beginning = std::make_shared<Beginning>();
  beginning->id = NewRandomId();
  beginning->principal = principal;
  beginning->done.push_back(std::move(done));
  v1::Capture description;
  description.set_name(CaptureName(beginning->id));
  description.set_request_id(request.request_id());
  *description.mutable_options() = request.options();
  *description.mutable_create_time() = TimestampNow();
  beginning->capture =
      std::make_shared<Capture>(&deps_.loop->context(), std::move(description));
  beginnings_.push_back(beginning);
  asio::post(disk_, [this, beginning] {
    const absl::Status made = MakeCaptureFolder(deps_.root, beginning->id);
    deps_.loop->Post([this, beginning, made] {
      if (made.ok()) {
        SetChannels(beginning, 0);
      } else {
        GiveUp(beginning, made);
      }
    });
  });
}

void Captures::SetChannels(const std::shared_ptr<Beginning>& beginning,
                           int index) {
  const v1::CaptureOptions& options =
      beginning->capture->description().options();
  while (index < options.interfaces_size() &&
         !options.interfaces(index).has_wifi_channel()) {
    ++index;
  }
  if (index == options.interfaces_size()) return StartDumpcap(beginning);
  deps_.dumpcap->Query(
      WifiChannelArguments(options.interfaces(index)),
      [this, beginning, index](const absl::StatusOr<std::string>& answer) {
        if (answer.ok()) {
          SetChannels(beginning, index + 1);
        } else {
          GiveUp(beginning, answer.status());
        }
      });
}

void Captures::StartDumpcap(const std::shared_ptr<Beginning>& beginning) {
  const v1::CaptureOptions& options =
      beginning->capture->description().options();
  const std::string path =
      absl::StrCat(deps_.store, "/", kCapturesFolder, "/", beginning->id, "/",
                   CaptureFileName(options));
  deps_.dumpcap->Prepare(
      CaptureArguments(options, path),
      [this, beginning](const absl::StatusOr<Command>& command) {
        if (!command.ok()) return GiveUp(beginning, command.status());
        if (stopping_) return GiveUp(beginning, errors::ServerStopping());
        beginning->capture->Start(
            *command, [this, beginning](const absl::Status& status) {
              OnStarted(beginning, status);
            });
      });
}

void Captures::OnStarted(const std::shared_ptr<Beginning>& beginning,
                         const absl::Status& status) {
  if (!status.ok()) return GiveUp(beginning, status);
  beginnings_.erase(
      std::find(beginnings_.begin(), beginnings_.end(), beginning));
  const v1::Capture& description = beginning->capture->description();
  Entry* entry = Add(beginning->id, beginning->capture);
  entry->principal = beginning->principal;
  entry->recorded = description.state();
  if (stopping_) beginning->capture->Stop(v1::STOP_REASON_SHUTDOWN);
  // The answer comes after the record: what a client knows of is not forgotten.
  asio::post(disk_,
             [this, beginning,
              bytes = SerializeRecord(description, beginning->capture->log())] {
               const absl::Status recorded =
                   WriteRecord(deps_.root, beginning->id, bytes);
               deps_.loop->Post([this, beginning, recorded] {
                 if (!recorded.ok()) return Undo(beginning, recorded);
                 beginning->Answer(beginning->capture->description());
               });
             });
}

// Where the record has no room, packets have none either, and dumpcap is late
// to notice.
void Captures::Undo(const std::shared_ptr<Beginning>& beginning,
                    const absl::Status& status) {
  beginning->capture->Stop(v1::STOP_REASON_KILLED);
  AwaitEnd(beginning->capture,
           [this, beginning, status](const absl::StatusOr<v1::Capture>&) {
             // Later, as the capture is telling all who watch.
             deps_.loop->Post([this, beginning, status] {
               entries_.erase(beginning->id);
               GiveUp(beginning, status);
             });
           });
}

void Captures::GiveUp(const std::shared_ptr<Beginning>& beginning,
                      const absl::Status& status) {
  beginnings_.erase(
      std::remove(beginnings_.begin(), beginnings_.end(), beginning),
      beginnings_.end());
  asio::post(disk_, [this, beginning, status] {
    DeleteCaptureFolder(deps_.root, beginning->id, true).IgnoreError();
    deps_.loop->Post([this, beginning, status] {
      beginning->Answer(status);
      AwaitAllEnded();
    });
  });
}

bool Captures::AnswerAsBefore(const Principal& principal,
                              const std::string& request_id, Done* done) {
  if (request_id.empty()) return false;
  const auto is_meant = [&](const Principal& creator, const Capture& capture) {
    return creator == principal &&
           capture.description().request_id() == request_id;
  };
  for (const auto& [id, entry] : entries_) {
    if (!is_meant(entry.principal, *entry.capture)) continue;
    (*done)(entry.capture->description());
    return true;
  }
  for (const std::shared_ptr<Beginning>& beginning : beginnings_) {
    if (!is_meant(beginning->principal, *beginning->capture)) continue;
    beginning->done.push_back(std::move(*done));
    return true;
  }
  return false;
}

uint32_t Captures::RunningCaptures() const {
  auto running = static_cast<uint32_t>(beginnings_.size());
  for (const auto& [id, entry] : entries_) {
    if (!entry.capture->has_ended()) ++running;
  }
  return running;
}

absl::StatusOr<std::shared_ptr<Capture>> Captures::Find(
    const std::string& name) const {
  ASSIGN_OR_RETURN(const std::string id, ParseCaptureName(name));
  const auto found = entries_.find(id);
  if (found == entries_.end()) return errors::CaptureNotFound(name);
  return found->second.capture;
}

absl::Status Captures::List(const v1::ListCapturesRequest& request,
                            v1::ListCapturesResponse* response) const {
  ASSIGN_OR_RETURN(const size_t page_size, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string after,
                   ParsePageToken("captures", request.page_token()));
  std::map<std::string, const v1::Capture*> in_order;
  for (const auto& [id, entry] : entries_) {
    const v1::Capture& capture = entry.capture->description();
    in_order[OrderOf(capture)] = &capture;
  }
  std::string last;
  for (auto next = in_order.upper_bound(after); next != in_order.end();
       ++next) {
    if (static_cast<size_t>(response->captures_size()) == page_size) {
      response->set_next_page_token(MakePageToken("captures", last));
      break;
    }
    *response->add_captures() = *next->second;
    last = next->first;
  }
  return absl::OkStatus();
}

void Captures::Stop(const std::string& name, v1::StopMode mode, Done done) {
  const absl::StatusOr<std::shared_ptr<Capture>> capture = Find(name);
  if (!capture.ok()) return done(capture.status());
  (*capture)->Stop(mode == v1::STOP_MODE_KILL ? v1::STOP_REASON_KILLED
                                              : v1::STOP_REASON_REQUESTED);
  AwaitEnd(*capture, std::move(done));
}

void Captures::AwaitEnd(const std::shared_ptr<Capture>& capture, Done done) {
  if (capture->has_ended()) return done(capture->description());
  struct Waiting {
    uint64_t subscription = 0;
    Done done;
  };
  const auto waiting = std::make_shared<Waiting>();
  waiting->done = std::move(done);
  waiting->subscription = capture->Subscribe([waiting, raw = capture.get()] {
    if (!raw->has_ended()) return;
    raw->Unsubscribe(waiting->subscription);
    waiting->done(raw->description());
  });
}

void Captures::Delete(const v1::DeleteCaptureRequest& request,
                      absl::AnyInvocable<void(const absl::Status&)> done) {
  const absl::StatusOr<std::shared_ptr<Capture>> capture = Find(request.name());
  if (!capture.ok()) return done(capture.status());
  if (!(*capture)->has_ended()) {
    return done(errors::CaptureRunning(request.name()));
  }
  const std::string id = IdOf(**capture);
  entries_.erase(id);
  asio::post(disk_, [this, id, delete_files = request.delete_files(),
                     done = std::move(done)]() mutable {
    const absl::Status status =
        DeleteCaptureFolder(deps_.root, id, delete_files);
    deps_.loop->Post(
        [status, done = std::move(done)]() mutable { done(status); });
  });
}

Captures::Entry* Captures::Add(const std::string& id,
                               std::shared_ptr<Capture> capture) {
  Entry& entry = entries_[id];
  entry.capture = std::move(capture);
  entry.record_timer =
      std::make_unique<asio::steady_timer>(deps_.loop->context());
  entry.subscription = entry.capture->Subscribe([this, id] { OnChange(id); });
  return &entry;
}

void Captures::OnChange(const std::string& id) {
  Entry& entry = entries_.at(id);
  const v1::Capture& now = entry.capture->description();
  // A state is noted at once, and a file as soon as the disk keeps up; counters
  // now and then.
  if (now.state() != entry.recorded ||
      (entry.writing == 0 && FilesOpened(now) != entry.recorded_files)) {
    Record(id);
  } else if (!entry.changed) {
    entry.changed = true;
    entry.record_timer->expires_after(kRecordInterval);
    entry.record_timer->async_wait([this, id](asio::error_code error) {
      if (!error) Record(id);
    });
  }
  if (entry.capture->has_ended()) AwaitAllEnded();
}

void Captures::Record(const std::string& id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  entry.changed = false;
  entry.recorded = entry.capture->description().state();
  entry.recorded_files = FilesOpened(entry.capture->description());
  ++entry.writing;
  asio::post(disk_, [this, id,
                     bytes = SerializeRecord(entry.capture->description(),
                                             entry.capture->log())] {
    const absl::Status status = WriteRecord(deps_.root, id, bytes);
    if (!status.ok()) {
      spdlog::error("the record of a capture: {}",
                    std::string(status.message()));
    }
    deps_.loop->Post([this, id] { OnRecorded(id); });
  });
}

void Captures::OnRecorded(const std::string& id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  --entry.writing;
  if (FilesOpened(entry.capture->description()) != entry.recorded_files) {
    OnChange(id);
  }
}

void Captures::StopAll(absl::AnyInvocable<void()> done) {
  stopping_ = true;
  all_ended_ = std::move(done);
  for (auto& [id, entry] : entries_) {
    entry.capture->Stop(v1::STOP_REASON_SHUTDOWN);
  }
  for (const std::shared_ptr<Beginning>& beginning : beginnings_) {
    beginning->capture->Stop(v1::STOP_REASON_SHUTDOWN);
  }
  AwaitAllEnded();
}

void Captures::AwaitAllEnded() {
  if (all_ended_ == nullptr || RunningCaptures() != 0) return;
  std::exchange(all_ended_, nullptr)();
}

}  // namespace dissectd::server
