// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/journal_writer.h"

#include <asio/post.hpp>
#include <chrono>

#include "absl/status/statusor.h"
#include "server/capture/capture_journal.h"
#include "server/metrics/events.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

constexpr std::chrono::seconds kRetryInterval(10);
constexpr size_t kSmallSize = 16 << 10;
// Bounds the work on the loop's thread at a time.
constexpr int kMaxBatchEvents = 500;

// If the machine crashes, counts of the last seconds may be lost, but nothing
// else.
bool NeedsSync(const v1::CaptureEvent& event) {
  return !event.has_packets_written();
}

}  // namespace

JournalWriter::JournalWriter(std::string id, const CaptureHistory* history,
                             Deps deps)
    : id_(std::move(id)),
      history_(history),
      deps_(std::move(deps)),
      retry_timer_(deps_.loop->context()) {}

void JournalWriter::Create(absl::AnyInvocable<void(const absl::Status&)> done) {
  deps_.loop->AssertOnLoop();
  writing_ = true;
  deps_.loop->CallOn(
      deps_.disk,
      [this, contents = EncodeHistory(*history_)] {
        absl::StatusOr<JournalFile> journal =
            JournalFile::Create(deps_.root, id_, contents);
        absl::Status status = journal.status();
        if (status.ok()) file_->journal = *std::move(journal);
        return status;
      },
      [self = shared_from_this(), done = std::move(done),
       sequence = history_->log().last_sequence()](
          const absl::Status& status) mutable {
        self->created_ = status.ok();
        self->writing_ = false;
        self->sequence_ = sequence;
        done(status);
        self->Advance();
      });
}

void JournalWriter::Resume(size_t size, uint64_t sequence) {
  deps_.loop->AssertOnLoop();
  created_ = true;
  sequence_ = sequence;
  asio::post(deps_.disk, [file = file_, root = deps_.root, id = id_, size] {
    absl::StatusOr<JournalFile> journal = JournalFile::Open(root, id, size);
    if (journal.ok()) {
      file->journal = *std::move(journal);
    } else {
      spdlog::error("{}", std::string(journal.status().message()));
    }
  });
  Advance();
}

void JournalWriter::Advance() {
  deps_.loop->AssertOnLoop();
  if (!created_ || writing_ || failing_ || history_ == nullptr) return;
  std::string entries;
  bool sync = false;
  uint64_t last = sequence_;
  for (int i = 0; i < kMaxBatchEvents; ++i) {
    const v1::CaptureEvent* event = history_->log().After(last);
    if (event == nullptr) break;
    entries += EncodeEvent(*event);
    sync = sync || NeedsSync(*event);
    last = event->sequence();
  }
  if (entries.empty()) {
    return history_->has_ended() && !file_closed_ ? CloseFile()
                                                  : deps_.on_done();
  }
  writing_ = true;
  deps_.loop->CallOn(
      deps_.disk,
      [this, sync, entries = std::move(entries)] {
        std::optional<JournalFile>& journal = file_->journal;
        if (journal.has_value()) return journal->Append(entries, sync);
        return absl::UnavailableError("It can't be opened.");
      },
      [self = shared_from_this(), last](const absl::Status& status) {
        self->OnWritten(status, last);
      });
}

void JournalWriter::CloseFile() {
  writing_ = true;
  deps_.loop->CallOn(
      deps_.disk,
      [this] {
        std::optional<JournalFile>& journal = file_->journal;
        absl::Status compacted;
        // Journals of captures that have ended are read at each start.
        if (journal.has_value() && journal->size() > kSmallSize) {
          compacted = journal->Compact();
        }
        journal.reset();
        return compacted;
      },
      // A journal that stays as long as it was is read as well as a short one.
      [self = shared_from_this()](const absl::Status& /*compacted*/) {
        self->writing_ = false;
        self->file_closed_ = true;
        self->Advance();
      });
}

void JournalWriter::OnWritten(const absl::Status& status, uint64_t sequence) {
  writing_ = false;
  if (status.ok()) {
    sequence_ = sequence;
    error_reported_ = false;
    return Advance();
  }
  if (history_ == nullptr) return;
  failing_ = true;
  AwaitRetry();
  if (!std::exchange(error_reported_, true)) {
    metrics::Count(metrics::Event::kJournalNotWritten);
    spdlog::error("the journal of captures/{} can't be written: {}", id_,
                  std::string(status.message()));
    deps_.on_error(status);
  }
  deps_.on_done();
}

void JournalWriter::AwaitRetry() {
  retry_timer_.Start(kRetryInterval, [self = weak_from_this()] {
    const auto writer = self.lock();
    if (writer == nullptr) return;
    writer->failing_ = false;
    writer->Advance();
  });
}

bool JournalWriter::is_done() const {
  if (writing_) return false;
  return !created_ || failing_ || history_ == nullptr ||
         history_->log().last_sequence() <= sequence_;
}

bool JournalWriter::is_written() const {
  return created_ && !writing_ && !failing_ && history_ != nullptr &&
         history_->log().last_sequence() <= sequence_;
}

void JournalWriter::Close() {
  history_ = nullptr;
  retry_timer_.Stop();
}

}  // namespace dissectd::server
