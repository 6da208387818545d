// SPDX-License-Identifier: GPL-2.0-or-later

// What Captures has to do with the daemons before and after this one.

#include <fcntl.h>
#include <unistd.h>

#include <asio/post.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "server/base/resource_names.h"
#include "server/capture/capture_notes.h"
#include "server/capture/captures.h"
#include "server/capture/keeper_files.h"
#include "server/capture/orphan.h"
#include "server/metrics/events.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// Notes that the daemon died before the capture ended.
void MarkInterrupted(CaptureHistory* history) {
  v1::CaptureEvent event;
  v1::CaptureStopped* stopped = event.mutable_stopped();
  stopped->set_reason(v1::STOP_REASON_INTERRUPTED);
  stopped->set_packets_written(history->description().packets_written());
  history->AddAfterRestart(std::move(event));
}

// Says what has become of a capture without a daemon.
void LogAdoption(const std::string& id, const KeptCapture& kept) {
  if (kept.rest.empty()) {
    spdlog::info("captures/{} went on without a daemon", id);
  } else if (kept.rest.back().numbers[KeeperRecord::kAbandoned] != 0) {
    spdlog::warn(
        "the capture-keeper of captures/{} ended it, as no daemon came within "
        "the time of --keep-captures",
        id);
  } else {
    spdlog::info("captures/{} ended while no daemon was there", id);
  }
}

}  // namespace

void Captures::Restore(const std::string& id, CaptureJournal journal) {
  const std::string key = FileOwners::CaptureKey(id);
  deps_.owners->Remember(key, journal.history.creator().id);
  journal.history.SetReaders(deps_.owners->Find(key)->readers);
  const bool interrupted = !journal.history.has_ended();
  // Another daemon may run the captures of a store that this one only reads.
  const bool is_own = faccessat(deps_.root, ".", W_OK, AT_EACCESS) == 0;
  if (interrupted && is_own) {
    std::optional<KeptCapture> kept = FindKeptCapture(deps_.root, id);
    if (kept.has_value()) {
      return Adopt(id, std::move(journal.history), journal.size,
                   *std::move(kept));
    }
  }
  if (is_own) RemoveKeeperFiles(deps_.root, id);
  const uint64_t last_sequence = journal.history.log().last_sequence();
  if (interrupted) {
    if (is_own) EndOrphan(journal.history);
    MarkInterrupted(&journal.history);
  }
  auto capture = std::make_shared<Capture>(&deps_.loop->context(),
                                           std::move(journal.history));
  if (!interrupted) {
    entries_[id].capture = std::move(capture);
    return;
  }
  metrics::Count(metrics::Event::kCaptureInterrupted);
  metrics::Count(metrics::Event::kCaptureLost);
  spdlog::warn("captures/{} was interrupted when the daemon ended", id);
  const std::shared_ptr<JournalWriter> writer =
      AddWithJournal(id, std::move(capture))->journal;
  deps_.loop->Post([writer, last_sequence, size = journal.size] {
    writer->Resume(size, last_sequence);
  });
}

void Captures::Adopt(const std::string& id, CaptureHistory history, size_t size,
                     KeptCapture kept) {
  const uint64_t last_sequence = history.log().last_sequence();
  const std::optional<std::string> file = LastFile(history);
  std::string path;
  if (file.has_value()) path = absl::StrCat(deps_.store, "/", *file);
  const std::string share_key = DecodeNotes(kept.hello.text).share_key;
  if (!share_key.empty()) share_keys_[id] = share_key;
  const auto capture =
      std::make_shared<Capture>(&deps_.loop->context(), std::move(history));
  const Entry* entry = AddWithJournal(id, capture);
  const std::shared_ptr<JournalWriter> writer = entry->journal;
  if (file.has_value()) entry->bytes->Skip(*file);
  // The keeper of a capture that has ended left only its last records.
  metrics::Count(kept.connection.valid() ? metrics::Event::kCaptureAdopted
                                         : metrics::Event::kCaptureEndAdopted);
  LogAdoption(id, kept);
  deps_.loop->Post([this, capture, writer, size, last_sequence,
                    path = std::move(path), kept = std::move(kept)]() mutable {
    writer->Resume(size, last_sequence);
    capture->Adopt(std::move(kept), std::move(path));
    WatchSpace();
  });
}

void Captures::OnJournalDone(const std::string& id) {
  const auto found = entries_.find(id);
  if (found != entries_.end() && found->second.journal->is_written()) {
    const std::shared_ptr<Capture>& capture = found->second.capture;
    capture->OnJournalWritten();
    if (capture->has_ended()) {
      asio::post(disk_, [this, id] { RemoveKeeperFiles(deps_.root, id); });
    }
  }
  AwaitAllEnded();
}

void Captures::LeaveAll(absl::AnyInvocable<void()> done) {
  deps_.loop->AssertOnLoop();
  for (auto& [id, entry] : entries_) entry.capture->Leave();
  StopAll(std::move(done));
}

}  // namespace dissectd::server
