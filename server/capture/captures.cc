// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/captures.h"

#include <algorithm>
#include <asio/strand.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "google/protobuf/util/time_util.h"
#include "server/base/errors.h"
#include "server/base/fair_share.h"
#include "server/base/replica.h"
#include "server/base/resource_names.h"
#include "server/base/timestamp.h"
#include "server/capture/capture_folder.h"
#include "server/capture/capture_journal.h"
#include "server/capture/capture_lists.h"
#include "server/dumpcap/capture_errors.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

constexpr size_t kMaxRequestIdBytes = 64;
// A shorter time could pass between two calls of the same client.
constexpr std::chrono::seconds kMinIdleTimeout(1);
constexpr std::chrono::hours kMaxIdleTimeout(24);

// Returns zero if there is none.
std::chrono::nanoseconds IdleTimeoutOf(
    const v1::CreateCaptureRequest& request) {
  return std::chrono::nanoseconds(
      google::protobuf::util::TimeUtil::DurationToNanoseconds(
          request.idle_timeout()));
}

absl::Status CheckIdleTimeout(const v1::CreateCaptureRequest& request) {
  if (!request.has_idle_timeout()) return absl::OkStatus();
  // Compares seconds first, as not all have as many nanoseconds as a number.
  const int64_t seconds = request.idle_timeout().seconds();
  if (seconds < kMinIdleTimeout.count() ||
      seconds > std::chrono::seconds(kMaxIdleTimeout).count() ||
      IdleTimeoutOf(request) < kMinIdleTimeout ||
      IdleTimeoutOf(request) > kMaxIdleTimeout) {
    return errors::CaptureOptionInvalid("idle_timeout",
                                        "isn't from a second to a day");
  }
  return absl::OkStatus();
}

}  // namespace

Captures::Captures(Deps deps)
    : deps_(std::move(deps)),
      disk_(asio::make_strand(*deps_.pool)),
      space_(deps_.files, deps_.disk_limits),
      space_timer_(deps_.loop->context()) {
  for (const std::string& id : ListCaptureFolders(deps_.root)) {
    DeleteUnfinishedFolder(deps_.root, id);
    space_.Measure(id);
    std::optional<CaptureJournal> journal = ReadJournal(deps_.root, id);
    if (journal.has_value()) Restore(id, *std::move(journal));
  }
}

void Captures::Create(const Principal& principal, const std::string& share_key,
                      const v1::CreateCaptureRequest& request, Done done) {
  deps_.loop->AssertOnLoop();
  const absl::Status status =
      CheckCaptureOptions(request.options(), deps_.policy);
  if (!status.ok()) return done(status);
  const absl::Status idle = CheckIdleTimeout(request);
  if (!idle.ok()) return done(idle);
  if (request.request_id().size() > kMaxRequestIdBytes) {
    return done(errors::CaptureOptionInvalid("request_id", "is too long"));
  }
  if (AnswerAsBefore(principal, request.request_id(), &done)) return;
  if (stopping_) return done(errors::ServerStopping());
  const absl::Status limits = CheckLimits(share_key);
  if (!limits.ok()) return done(limits);
  const std::string id = NewResourceId();
  share_keys_[id] = share_key;
  deps_.owners->Remember(FileOwners::CaptureKey(id), principal.id);
  v1::Capture description;
  description.set_name(CaptureName(id));
  description.set_request_id(request.request_id());
  *description.mutable_options() = request.options();
  *description.mutable_create_time() = TimestampNow();
  auto capture = std::make_shared<Capture>(
      &deps_.loop->context(),
      CaptureHistory(std::move(description), principal));
  const auto pending = std::make_shared<PendingCapture>(
      id, std::move(capture),
      PendingCapture::Deps{deps_.loop, disk_, deps_.dumpcap, deps_.extcap,
                           deps_.root, deps_.store,
                           [this] { return space_.CheckRoom(); }, deps_.keeping,
                           deps_.policy.comments},
      CaptureNotes{IdleTimeoutOf(request), v1::STOP_REASON_UNSPECIFIED, false,
                   "", share_key});
  pending->AddCall(std::move(done));
  pending_.push_back(pending);
  WatchSpace();
  pending->Start([this, pending, idle_timeout = IdleTimeoutOf(request)](
                     const absl::Status& started) {
    OnStarted(pending, idle_timeout, started);
  });
}

void Captures::OnStarted(const std::shared_ptr<PendingCapture>& pending,
                         std::chrono::nanoseconds idle_timeout,
                         const absl::Status& status) {
  deps_.loop->AssertOnLoop();
  if (!status.ok()) return GiveUp(pending, status);
  pending_.erase(std::find(pending_.begin(), pending_.end(), pending));
  Entry* entry = AddWithJournal(pending->id(), pending->capture());
  if (stopping_) pending->capture()->Stop(v1::STOP_REASON_SHUTDOWN);
  // Answers after the journal is written, so that a capture that a client knows
  // is never forgotten.
  entry->journal->Create(
      [this, pending, idle_timeout](const absl::Status& created) {
        if (!created.ok()) return Undo(pending, created);
        // Before the answer: a daemon that is killed after it leaves the
        // capture to the next one.
        pending->capture()->OnJournalCreated();
        pending->capture()->SetIdleTimeout(idle_timeout);
        pending->Answer(pending->capture()->description());
      });
}

// If the journal has no room, packets have none either; dumpcap notices that
// only later.
void Captures::Undo(const std::shared_ptr<PendingCapture>& pending,
                    const absl::Status& status) {
  pending->capture()->Stop(v1::STOP_REASON_KILLED);
  AwaitEnd(pending->capture(),
           [this, pending, status](const absl::StatusOr<v1::Capture>&) {
             // Posted, as the capture is notifying its subscribers.
             deps_.loop->Post([this, pending, status] {
               Erase(pending->id());
               GiveUp(pending, status);
             });
           });
}

void Captures::GiveUp(const std::shared_ptr<PendingCapture>& pending,
                      const absl::Status& status) {
  pending_.erase(std::remove(pending_.begin(), pending_.end(), pending),
                 pending_.end());
  share_keys_.erase(pending->id());
  deps_.loop->CallOn(
      disk_,
      [this, id = pending->id()] {
        absl::Status deleted = DeleteCaptureFolder(deps_.root, id, true);
        deps_.owners->Forget(FileOwners::CaptureKey(id));
        return deleted;
      },
      // The client learns why there is no capture, which is the first fault.
      [this, pending, status](const absl::Status& /*deleted*/) {
        pending->Answer(status);
        AwaitAllEnded();
      });
}

bool Captures::AnswerAsBefore(const Principal& principal,
                              const std::string& request_id, Done* done) {
  if (request_id.empty()) return false;
  const auto is_meant = [&](const Capture& capture) {
    return capture.history().creator() == principal &&
           capture.description().request_id() == request_id;
  };
  for (const auto& [id, entry] : entries_) {
    if (!is_meant(*entry.capture)) continue;
    (*done)(entry.capture->description());
    return true;
  }
  for (const std::shared_ptr<PendingCapture>& pending : pending_) {
    if (!is_meant(*pending->capture())) continue;
    pending->AddCall(std::move(*done));
    return true;
  }
  return false;
}

absl::Status Captures::CheckLimits(const std::string& share_key) const {
  const FairShare share = {deps_.limit, deps_.limit_per_caller};
  uint32_t used = 0;
  uint32_t own = 0;
  for (const std::string& id : RunningCaptures()) {
    const auto found = share_keys_.find(id);
    ++used;
    if (found != share_keys_.end() && found->second == share_key) ++own;
  }
  if (used >= share.limit) return errors::TooManyCaptures(share.limit);
  if (!share.Allows(own, share.limit - used)) {
    return errors::TooManyCapturesOfCaller(own);
  }
  return absl::OkStatus();
}

std::vector<std::string> Captures::RunningCaptures() const {
  std::vector<std::string> running;
  for (const std::shared_ptr<PendingCapture>& pending : pending_) {
    running.push_back(pending->id());
  }
  for (const auto& [id, entry] : entries_) {
    if (!entry.capture->has_ended()) running.push_back(id);
  }
  return running;
}

Captures::Readers Captures::DescribeReaders() const {
  deps_.loop->AssertOnLoop();
  Readers all;
  for (const auto& [id, entry] : entries_) {
    const CaptureLog& log = entry.capture->history().log();
    for (const CaptureWatcher* watcher : entry.capture->watchers()) {
      ++all.watchers;
      all.most_events_behind =
          std::max(all.most_events_behind, log.CountAfter(watcher->sequence()));
    }
    const uint64_t packets = entry.capture->description().packets_written();
    for (const CaptureFollower* follower : entry.capture->followers()) {
      ++all.followers;
      const uint64_t position = follower->position();
      if (position >= packets) continue;
      all.most_packets_behind =
          std::max(all.most_packets_behind, packets - position);
    }
  }
  return all;
}

absl::StatusOr<std::shared_ptr<Capture>> Captures::Find(
    const std::string& name) const {
  deps_.loop->AssertOnLoop();
  ASSIGN_OR_RETURN(const std::string id, ParseCaptureName(name));
  const auto found = entries_.find(id);
  if (found == entries_.end()) return errors::CaptureNotFound(name);
  return found->second.capture;
}

absl::Status Captures::List(
    const v1::ListCapturesRequest& request,
    const std::function<bool(const std::string& name)>& shows,
    v1::ListCapturesResponse* response) const {
  deps_.loop->AssertOnLoop();
  std::vector<const v1::Capture*> captures;
  for (const auto& [id, entry] : entries_) {
    const v1::Capture& description = entry.capture->description();
    if (shows(description.name())) captures.push_back(&description);
  }
  return ListCaptures(captures, request, response);
}

absl::Status Captures::ListFiles(const v1::ListCaptureFilesRequest& request,
                                 v1::ListCaptureFilesResponse* response) const {
  ASSIGN_OR_RETURN(const std::shared_ptr<Capture> capture,
                   Find(request.name()));
  return ListCaptureFiles(capture->history(), request, response);
}

void Captures::Stop(const std::string& name, v1::StopMode mode, Done done) {
  const absl::StatusOr<std::shared_ptr<Capture>> capture = Find(name);
  if (!capture.ok()) return done(capture.status());
  if ((*capture)->is_left()) return done(errors::ServerStopping());
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
  deps_.loop->AssertOnLoop();
  const absl::StatusOr<std::shared_ptr<Capture>> capture = Find(request.name());
  if (!capture.ok()) return done(capture.status());
  if (!(*capture)->has_ended()) {
    return done(errors::CaptureRunning(request.name()));
  }
  const std::string id = *ParseCaptureName(request.name());
  Erase(id);
  // The end of the daemon may have waited for this journal, which won't be
  // written to its end.
  AwaitAllEnded();
  deps_.loop->CallOn(
      disk_,
      [this, id, delete_files = request.delete_files()] {
        absl::Status status = DeleteCaptureFolder(deps_.root, id, delete_files);
        const std::string key = FileOwners::CaptureKey(id);
        if (delete_files) {
          deps_.owners->Forget(key);
        } else {
          // The files still have an owner, which was in the journal so far.
          deps_.owners->Keep(key).IgnoreError();
        }
        space_.Measure(id);
        return status;
      },
      std::move(done));
}

void Captures::Share(const v1::ShareCaptureRequest& request, Done done) {
  deps_.loop->AssertOnLoop();
  const absl::StatusOr<std::shared_ptr<Capture>> found = Find(request.name());
  if (!found.ok()) return done(found.status());
  FileOwners::Ownership ownership;
  ownership.owner = (*found)->history().creator().id;
  ownership.readers = {request.readers().begin(), request.readers().end()};
  deps_.loop->CallOn(
      disk_,
      [this, ownership, id = *ParseCaptureName(request.name())] {
        return deps_.owners->Set(FileOwners::CaptureKey(id), ownership);
      },
      [capture = *found, ownership,
       done = std::move(done)](const absl::Status& noted) mutable {
        if (!noted.ok()) return done(noted);
        capture->SetReaders(ownership.readers);
        done(capture->description());
      });
}

void Captures::Erase(const std::string& id) {
  const auto entry = entries_.find(id);
  if (entry->second.journal != nullptr) entry->second.journal->Close();
  entries_.erase(entry);
  share_keys_.erase(id);
}

Captures::Entry* Captures::AddWithJournal(const std::string& id,
                                          std::shared_ptr<Capture> capture) {
  Entry& entry = entries_[id];
  entry.capture = std::move(capture);
  JournalWriter::Deps journal = {deps_.loop, disk_, deps_.root, nullptr,
                                 [this, id] { OnJournalDone(id); }};
  journal.on_error = [this, id](const absl::Status& error) {
    OnJournalError(id, error);
  };
  entry.journal = std::make_shared<JournalWriter>(id, &entry.capture->history(),
                                                  std::move(journal));
  entry.bytes = std::make_shared<WrittenBytes>(deps_.root);
  entry.capture->Subscribe([this, id] { OnChange(id); });
  return &entry;
}

void Captures::OnChange(const std::string& id) {
  deps_.loop->AssertOnLoop();
  const Entry& entry = entries_.at(id);
  entry.journal->Advance();
  CountBytes(entry);
  if (entry.capture->has_ended()) AwaitAllEnded();
}

void Captures::OnJournalError(const std::string& id,
                              const absl::Status& error) {
  const Capture& capture = *entries_.at(id).capture;
  if (capture.has_ended()) return;
  entries_.at(id).capture->AddMessage(
      "The journal of the capture can't be written. The capture goes on, but "
      "events from now on are lost if the daemon is restarted.",
      std::string(error.message()));
}

void Captures::StopAll(absl::AnyInvocable<void()> done) {
  deps_.loop->AssertOnLoop();
  stopping_ = true;
  all_ended_ = std::move(done);
  for (auto& [id, entry] : entries_) {
    entry.capture->Stop(v1::STOP_REASON_SHUTDOWN);
  }
  for (const std::shared_ptr<PendingCapture>& pending : pending_) {
    pending->Cancel();
  }
  AwaitAllEnded();
}

void Captures::AwaitAllEnded() {
  if (all_ended_ == nullptr || !pending_.empty()) return;
  for (const auto& [id, entry] : entries_) {
    if (!entry.capture->has_ended() && !entry.capture->is_left()) return;
    if (entry.journal != nullptr && !entry.journal->is_done()) return;
  }
  std::exchange(all_ended_, nullptr)();
}

}  // namespace dissectd::server
