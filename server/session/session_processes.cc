// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/session_processes.h"

#include <fcntl.h>

#include <algorithm>
#include <asio/post.hpp>
#include <cerrno>
#include <csignal>

#include "core/base/status_macros.h"
#include "core/ipc/query.h"
#include "server/base/errors.h"
#include "server/engine/worker_socket.h"
#include "server/metrics/events.h"
#include "server/rpc/grpc_status.h"
#include "server/session/process_memory.h"
#include "server/session/session_errors.h"

namespace dissectd::server {
namespace {

// The limit of the memory of a session's packet lists.
constexpr uint64_t kMaxListBytes = uint64_t{128} << 20;

absl::StatusOr<UniqueFd> OpenCopy(const UniqueFd& file) {
  UniqueFd copy = file.Duplicate();
  if (!copy.valid()) {
    return errors::FileSystemError("keep the file open", errno);
  }
  return copy;
}

// Returns the file of a source; null if there is none.
std::shared_ptr<SessionFile> Watch(const SessionProcesses::Source& source) {
  if (!source.file.valid()) return nullptr;
  return std::make_shared<SessionFile>(source.file.Duplicate(), source.status);
}

}  // namespace

std::shared_ptr<SessionProcesses> SessionProcesses::Start(const Deps& deps,
                                                          Source source) {
  deps.loop->AssertOnLoop();
  // make_shared can't call the private constructor.
  std::shared_ptr<SessionProcesses> processes(
      new SessionProcesses(deps, std::move(source)));
  if (processes->source_.feed != nullptr) {
    processes->OpenFirstFile();
  } else {
    processes->OpenCapture();
  }
  return processes;
}

SessionProcesses::SessionProcesses(const Deps& deps, Source source)
    : deps_(deps),
      source_(std::move(source)),
      file_(Watch(source_)),
      records_to_read_(source_.known_records),
      recovery_(deps.max_crashes),
      spares_(deps.loop),
      scans_({[this] { return StartFork(0, WorkerLimit::Permit()); },
              [this] { return BeginQuestion(); }}) {}

SessionProcesses::~SessionProcesses() { EndProcesses(); }

void SessionProcesses::OpenFirstFile() {
  source_.feed->KeepFiles();
  source_.feed->OpenFirst(
      [self = weak_from_this()](absl::StatusOr<LiveFeed::File> file) {
        const auto processes = self.lock();
        if (processes == nullptr) return;
        if (!file.ok()) return processes->Fail(file.status());
        processes->first_file_ = file->Payload();
        processes->source_.name = file->name;
        processes->source_.file = std::move(file->fd);
        processes->OpenCapture();
      });
}

void SessionProcesses::OpenCapture() {
  if (file_ != nullptr) {
    asio::post(*deps_.pool, [file = file_] { file->Remember(); });
  }
  const QueryWorker::Deps deps = {deps_.loop, source_.engine};
  absl::StatusOr<std::unique_ptr<QueryWorker>> process =
      source_.feed == nullptr
          ? QueryWorker::StartForSession(deps, std::move(source_.file),
                                         source_.name)
          : QueryWorker::StartLive(
                deps, {std::move(source_.file), source_.name, 1}, {});
  if (!process.ok()) return Fail(process.status());
  opened_ = *std::move(process);
  Query query;
  query.kind = ipc::Query::kOpenSession;
  query.log_ids = source_.log_ids;
  query.request = std::move(source_.request);
  query.edits = std::move(source_.edits);
  query.kept_records = std::move(source_.kept_records);
  opened_->Ask(std::move(query), &opening_);
}

void SessionProcesses::OnResponse(const grpc::ByteBuffer& response) {
  (read_ != nullptr ? read_ : opened_)->ReadMore();
  v1::OpenSessionResponse message;
  if (!message.ParseFromString(BytesOf(response))) return;
  if (message.has_progress()) {
    OnProgress(message.progress());
  } else if (message.has_session() &&
             message.session().frames() >= facts_.frames()) {
    facts_.MergeFrom(message.session());
    // Later questions are about more frames.
    if (snapshot_ != nullptr && !snapshot_->IsCurrent(facts_.frames())) {
      snapshot_.reset();
    }
    NotifyOfChange();
  }
}

// A process that reads in the place of another begins with the first frame, and
// tells less at first than is known.
void SessionProcesses::OnProgress(const v1::Progress& progress) {
  // Another process may read on if one dies that waits for a capture.
  if (source_.feed != nullptr) recovery_.AddMessage(/*last_frame=*/0);
  if (progress.frames_read() < progress_.frames_read()) return;
  progress_ = progress;
  if (state_ != v1::SESSION_STATE_READING) return;
  ++progress_number_;
  subscribers_.NotifyAll();
  BecomeReadyWhileLive();
}

void SessionProcesses::BecomeReadyWhileLive() {
  if (state_ != v1::SESSION_STATE_READING || !facts_.live() ||
      !HasReadWhatWasKnown()) {
    return;
  }
  state_ = v1::SESSION_STATE_READY;
  NotifyOfChange();
}

bool SessionProcesses::HasReadWhatWasKnown() const {
  if (progress_.frames_read() < records_to_read_) return false;
  const std::shared_ptr<const SessionProcesses> before = source_.before.lock();
  return before == nullptr ||
         progress_.frames_read() >= before->progress_.frames_read();
}

void SessionProcesses::OnOpened(const absl::Status& status) {
  if (!status.ok()) return Fail(status);
  WatchProcess(opened_.get());
  const absl::Status reading = ReadCapture();
  if (!reading.ok()) Fail(reading);
}

absl::Status SessionProcesses::ReadCapture() {
  ASSIGN_OR_RETURN(read_, QueryWorker::StartFork(deps_.loop, opened_,
                                                 WorkerLimit::Permit()));
  Query query;
  query.kind = source_.feed == nullptr ? ipc::Query::kReadSession
                                       : ipc::Query::kReadLiveSession;
  query.crashes = recovery_.frames();
  query.log_ids = source_.log_ids;
  read_->Ask(std::move(query), &reading_);
  if (source_.feed == nullptr) return absl::OkStatus();
  facts_.set_live(!source_.feed->has_ended());
  read_->Feed(source_.feed, first_file_);
  BecomeReadyWhileLive();
  return absl::OkStatus();
}

absl::Status SessionProcesses::ReadCaptureAgain() {
  if (source_.feed == nullptr) return ReadCapture();
  snapshot_.reset();
  if (facts_.live()) {
    state_ = v1::SESSION_STATE_READING;
    records_to_read_ = std::max(records_to_read_, progress_.frames_read());
    progress_.Clear();
    NotifyOfChange();
  }
  source_.feed = source_.feed->Again();
  // The process that has opened the capture has the first file.
  absl::Status opened;
  source_.feed->OpenFirst(
      [&opened](const absl::StatusOr<LiveFeed::File>& file) {
        opened = file.status();
      });
  RETURN_IF_ERROR(opened);
  return ReadCapture();
}

void SessionProcesses::GetFrames(FramesDone done) {
  if (!facts_.live()) {
    const absl::Status file = CheckFile();
    if (!file.ok()) return done(file);
    return done(shared_from_this());
  }
  if (snapshot_ == nullptr || !snapshot_->IsCurrent(facts_.frames())) {
    auto snapshot =
        SessionSnapshot::Start(deps_.loop, {read_, facts_, BeginQuestion()});
    if (!snapshot.ok()) return done(snapshot.status());
    snapshot_ = *std::move(snapshot);
  }
  // The function keeps the snapshot alive while the caller waits.
  snapshot_->Await([snapshot = snapshot_, done = std::move(done)](
                       const auto& frames) mutable { done(frames); });
}

void SessionProcesses::OnRead(const absl::Status& status) {
  if (!status.ok()) {
    if (can_read_again() && MayRepeat(*read_) && ReadCaptureAgain().ok()) {
      return;
    }
    return Fail(status);
  }
  Query query;
  query.kind = ipc::Query::kKeptRecords;
  read_->Ask(std::move(query), &asking_for_records_);
}

void SessionProcesses::OnKeptRecords(const grpc::ByteBuffer& response) {
  kept_records_ += BytesOf(response);
  read_->ReadMore();
}

void SessionProcesses::OnAllKnown(const absl::Status& status) {
  if (!status.ok()) return Fail(status);
  WatchProcess(read_.get());
  facts_.set_live(false);
  source_.use.End();
  snapshot_.reset();
  filters_ = std::make_unique<FilterBitmaps>(&scans_, facts_.frames());
  lists_ = std::make_unique<PacketLists>(
      &scans_, std::min(kMaxListBytes, deps_.max_memory / 8),
      deps_.list_memory);
  state_ = v1::SESSION_STATE_READY;
  NotifyOfChange();
  BeginCheckpoints();
}

bool SessionProcesses::MayRepeat(const QueryWorker& process) {
  if (process.crash() == nullptr || process.lost_parent()) return false;
  const WorkerOutcome& crash = *process.crash();
  LogCrash(crash);
  return IsFirstKill(crash) || recovery_.MayContinueAfter(crash);
}

bool SessionProcesses::IsFirstKill(const WorkerOutcome& crash) {
  // A process that was killed before its first frame says nothing of a frame.
  const bool is_again =
      IsSame(std::exchange(crashed_at_, crash.position), crash.position) &&
      crash.position.record != 0;
  const bool was_killed = crash.end->kind == WorkerEnd::Kind::kSignaled &&
                          crash.end->value == SIGKILL;
  return was_killed && !is_again && ++first_kills_ <= deps_.max_crashes;
}

void SessionProcesses::LearnCrashes(const std::vector<ipc::KnownCrash>& crashes,
                                    uint32_t first_frame) {
  // A checkpoint that is being made finds them, too, and would count them
  // twice.
  if (checkpoints_ == nullptr || checkpoints_->is_making()) return;
  constexpr uint32_t kSecondPass = 2;
  const std::vector<ipc::KnownCrash>& known = recovery_.frames();
  // A checkpoint shows that the frames before it don't crash.
  const uint32_t sound = checkpoints_->last_frame();
  for (const ipc::KnownCrash& crash : crashes) {
    const bool is_known = std::any_of(known.begin(), known.end(),
                                      [&](const ipc::KnownCrash& other) {
                                        return other.frame == crash.frame;
                                      });
    if (crash.position.pass == kSecondPass && crash.frame > sound &&
        crash.frame < first_frame && !is_known &&
        known.size() < deps_.max_crashes) {
      recovery_.LeaveOut(crash);
    }
  }
}

void SessionProcesses::WatchProcess(QueryWorker* process) {
  process->OnIdleEnd(
      [self = weak_from_this(), loop = deps_.loop](const absl::Status& status) {
        // Posted, as the process is in the middle of ending.
        loop->Post([self, status] {
          if (const auto processes = self.lock()) processes->Fail(status);
        });
      });
}

void SessionProcesses::BeginCheckpoints() {
  const auto go_on = [this] { Check([this] { AddCheckpoint(); }); };
  checkpoints_ = std::make_unique<Checkpoints>(Checkpoints::Deps{
      deps_.loop, read_, facts_.frames(), &recovery_,
      [this](const QueryWorker& process) { return MayRepeat(process); },
      go_on});
  go_on();
}

void SessionProcesses::AddCheckpoint() {
  if (state_ != v1::SESSION_STATE_READY || !HasRoomForCheckpoint()) return;
  memory_before_ = facts_.memory_bytes();
  checkpoints_->MakeNext();
}

bool SessionProcesses::DropReserves() {
  if (checkpoints_ == nullptr || checkpoints_->has_stopped()) return false;
  checkpoints_->Stop();
  spares_.Clear();
  lists_->Drop();
  return true;
}

// Answers need room, too.
bool SessionProcesses::HasRoomForCheckpoint() const {
  const uint64_t memory = facts_.memory_bytes();
  const uint64_t last = memory > memory_before_ ? memory - memory_before_ : 0;
  const uint64_t next = checkpoints_->size() == 0 ? 0 : last;
  return memory + next <= deps_.max_memory / 4 * 3;
}

const Checkpoints::Checkpoint* SessionProcesses::CheckpointBefore(
    uint32_t frame) const {
  return checkpoints_ == nullptr ? nullptr : checkpoints_->Before(frame);
}

uint32_t SessionProcesses::ForkPosition(uint32_t first_frame) const {
  const Checkpoints::Checkpoint* const checkpoint =
      CheckpointBefore(first_frame);
  return checkpoint == nullptr ? 0 : checkpoint->frame;
}

const std::shared_ptr<QueryWorker>& SessionProcesses::ProcessBefore(
    uint32_t frame) const {
  const Checkpoints::Checkpoint* const checkpoint = CheckpointBefore(frame);
  return checkpoint == nullptr ? read_ : checkpoint->process;
}

absl::StatusOr<std::unique_ptr<QueryWorker>> SessionProcesses::StartFork(
    uint32_t first_frame, WorkerLimit::Permit permit) {
  return spares_.Take(ProcessBefore(first_frame), std::move(permit));
}

void SessionProcesses::PrepareFork(uint32_t first_frame) {
  if (state_ == v1::SESSION_STATE_READY && !facts_.live()) {
    spares_.Prepare(ProcessBefore(first_frame));
  }
}

absl::Status SessionProcesses::CheckFile() {
  if (file_ == nullptr || !file_->HasChanged()) return absl::OkStatus();
  // Posted, as the caller's question would hear of it in the middle of this.
  deps_.loop->Post([self = weak_from_this()] {
    const auto processes = self.lock();
    if (processes != nullptr) processes->Fail(errors::SessionFileChanged());
  });
  return errors::SessionFileChanged();
}

absl::StatusOr<SessionProcesses::Source> SessionProcesses::CopySource() {
  if (source_.feed == nullptr) {
    RETURN_IF_ERROR(CheckFile());
    return Copy(source_, file_->fd());
  }
  ASSIGN_OR_RETURN(Source copy, Copy(source_, UniqueFd()));
  copy.known_records = progress_.frames_read();
  copy.before = weak_from_this();
  return copy;
}

absl::StatusOr<SessionProcesses::Source> SessionProcesses::Copy(
    const Source& source, const UniqueFd& file) {
  Source copy;
  copy.engine = source.engine;
  copy.status = source.status;
  copy.name = source.name;
  copy.capture = source.capture;
  copy.known_records = source.known_records;
  if (source.feed != nullptr) {
    copy.feed = source.feed->Again();
    copy.use = source.use.Again();
  } else {
    ASSIGN_OR_RETURN(copy.file, OpenCopy(file));
  }
  return copy;
}

absl::StatusOr<SessionProcesses::Prefix> SessionProcesses::CopyPrefix() const {
  Prefix prefix;
  // What follows the last record is read only if the capture has ended.
  if (facts_.live()) prefix.records = progress_.frames_read();
  for (const LiveFeed::KeptFile& kept : source_.feed->kept_files()) {
    ASSIGN_OR_RETURN(UniqueFd file, OpenCopy(*kept.fd));
    prefix.files.push_back({std::move(file), kept.name});
  }
  return prefix;
}

bool SessionProcesses::IsOtherFile(const struct stat& file) const {
  const struct stat& opened = source_.status;
  return file.st_dev != opened.st_dev || file.st_ino != opened.st_ino ||
         IsChanged(file, opened);
}

void SessionProcesses::Check(absl::AnyInvocable<void()> done) {
  const pid_t process = opened_ == nullptr ? 0 : opened_->pid();
  if (process == 0) return;
  const pid_t copying = checkpoints_ == nullptr ? 0 : checkpoints_->parent();
  struct Found {
    uint64_t memory;
    bool changed;
  };
  deps_.loop->CallOn(
      *deps_.pool,
      [process, copying, file = file_] {
        return Found{MemoryOfFamily(process, copying),
                     file != nullptr && file->HasChanged()};
      },
      [self = weak_from_this(), done = std::move(done)](Found found) mutable {
        const auto processes = self.lock();
        if (processes == nullptr) return;
        processes->OnChecked(found.memory, found.changed);
        if (done != nullptr) done();
      });
}

void SessionProcesses::OnChecked(uint64_t memory, bool changed) {
  if (state_ == v1::SESSION_STATE_FAILED) return;
  if (lists_ != nullptr) memory += lists_->bytes();
  facts_.set_memory_bytes(memory);
  if (memory > deps_.max_memory) {
    if (DropReserves()) return;
    Fail(errors::SessionTooLarge(deps_.max_memory));
  } else if (changed) {
    Fail(errors::SessionFileChanged());
  }
}

void SessionProcesses::NotifyOfChange() {
  ++change_number_;
  subscribers_.NotifyAll();
}

void SessionProcesses::Fail(const absl::Status& status) {
  if (state_ == v1::SESSION_STATE_FAILED) return;
  state_ = v1::SESSION_STATE_FAILED;
  failure_ = status;
  *facts_.mutable_failure() = FailureOf(status);
  metrics::Count(facts_.failure().reason() == "SESSION_TOO_LARGE"
                     ? metrics::Event::kSessionTooLarge
                     : metrics::Event::kSessionFailed);
  facts_.set_memory_bytes(0);
  // Subscribers may drop the session.
  const std::shared_ptr<SessionProcesses> self = weak_from_this().lock();
  NotifyOfChange();
  EndProcesses();
}

void SessionProcesses::EndProcesses() {
  if (source_.feed != nullptr) source_.feed->Close();
  source_.use.End();
  snapshot_.reset();
  filters_.reset();
  lists_.reset();
  spares_.Clear();
  checkpoints_.reset();
  read_.reset();
  opened_.reset();
}

}  // namespace dissectd::server
