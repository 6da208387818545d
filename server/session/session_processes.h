// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SESSION_PROCESSES_H_
#define SERVER_SESSION_SESSION_PROCESSES_H_

#include <grpcpp/support/byte_buffer.h>
#include <sys/stat.h>

#include <asio/thread_pool.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/session.pb.h"
#include "server/base/io_loop.h"
#include "server/base/subscribers.h"
#include "server/base/unique_fd.h"
#include "server/capture/capture_use.h"
#include "server/capture/live_feed.h"
#include "server/dissection/crash_recovery.h"
#include "server/engine/worker_parent.h"
#include "server/query/query_reader.h"
#include "server/query/query_worker.h"
#include "server/rpc/worker_limit.h"
#include "server/session/checkpoints.h"
#include "server/session/filter_bitmaps.h"
#include "server/session/question_attempts.h"
#include "server/session/session_file.h"
#include "server/session/session_frames.h"
#include "server/session/session_snapshot.h"
#include "server/session/sorted_lists.h"
#include "server/session/spare_forks.h"
#include "server/store/capture_source.h"

namespace dissectd::server {

// The processes of a session, or of several that have a file and options in
// common: one that has opened the capture, its fork that has read all frames,
// and checkpoints. All of them wait, and fork to answer questions. While a
// capture runs, the second process reads on, and there are no checkpoints. Used
// on the loop's thread only.
class SessionProcesses : public SessionFrames,
                         public std::enable_shared_from_this<SessionProcesses> {
 public:
  // Nothing is owned; all outlives this.
  struct Deps {
    IoLoop* loop;
    asio::thread_pool* pool;
    // The limit of memory in bytes.
    uint64_t max_memory;
    // The number of frames that may crash a process.
    uint32_t max_crashes;
    // What limits the memory of packet lists.
    std::shared_ptr<ListMemory> list_memory;
  };
  struct Source {
    // Forks the first process. Not owned; outlives all.
    WorkerParent* engine = nullptr;
    UniqueFd file;
    // The result of fstat before anything was read.
    struct stat status = {};
    // The file's name without folders.
    std::string name;
    // A serialised OpenSessionRequest.
    std::string request;
    // What LogIdsOf returns of the call that opened the session; empty if they
    // are read again.
    std::string log_ids;
    // Serialised edits that the frames are read with, and what kept_records()
    // of processes without edits returns.
    std::string edits;
    std::string kept_records;
    // For a capture, instead of the file: its resource name, how far it can be
    // read, and what keeps it from being idle while it runs.
    std::string capture;
    std::shared_ptr<LiveFeed> feed;
    CaptureUse use;
    // For a capture that is read again: how many records were known, and the
    // processes that may know more by now. While the capture runs, questions
    // are answered once all of them are read.
    uint32_t known_records = 0;
    std::weak_ptr<const SessionProcesses> before;
  };
  // What was read so far of a capture.
  struct Prefix {
    // Its files, from the first one on. The last ones may have more records.
    std::vector<CaptureSource> files;
    // The number of records in all files together; absent if that is all.
    std::optional<uint32_t> records = {};
  };
  // Gets the frames that a question is about.
  using FramesDone = SessionSnapshot::Done;

  // Starts to open and to read a capture. Failures are found in failure().
  static std::shared_ptr<SessionProcesses> Start(const Deps& deps,
                                                 Source source);
  ~SessionProcesses() override;
  SessionProcesses(const SessionProcesses&) = delete;
  SessionProcesses& operator=(const SessionProcesses&) = delete;

  v1::SessionState state() const { return state_; }
  // Whether they read a capture, which may run, and not a file.
  bool reads_capture() const { return !source_.capture.empty(); }
  // Whether they can read the capture again, or write it to a file.
  bool can_read_again() const {
    return source_.feed == nullptr || source_.feed->has_kept_all();
  }
  // Whether other processes can open all files that these have read.
  bool may_open_files() const {
    return source_.feed == nullptr || source_.feed->may_open_kept();
  }
  const v1::Session& facts() const override { return facts_; }
  const v1::Progress& progress() const { return progress_; }
  // Increased with each change of the progress, and of the rest.
  uint64_t progress_number() const { return progress_number_; }
  uint64_t change_number() const { return change_number_; }
  // Why the state is SESSION_STATE_FAILED.
  const absl::Status& failure() const { return failure_; }
  // Changes of the state and of the progress.
  Subscribers* subscribers() { return &subscribers_; }

  // Calls `done` with the frames that have been read, possibly before this has
  // returned. Only while the state is READY. Errors: those of QueryWorker;
  // SESSION_FILE_CHANGED.
  void GetFrames(FramesDone done);

  // The methods of SessionFrames may be called while the state is READY and the
  // capture doesn't run.
  uint32_t ForkPosition(uint32_t first_frame) const override;
  absl::StatusOr<std::unique_ptr<QueryWorker>> StartFork(
      uint32_t first_frame, WorkerLimit::Permit permit) override;
  void PrepareFork(uint32_t first_frame) override;
  QuestionAttempts BeginQuestion() const override {
    return {deps_.max_crashes, recovery_.frames()};
  }
  void LearnCrashes(const std::vector<ipc::KnownCrash>& crashes,
                    uint32_t first_frame) override;
  FilterBitmaps* filters() override { return filters_.get(); }
  SortedLists* sorted_lists() override { return &sorted_lists_; }
  PacketLists* packet_lists() override { return lists_.get(); }

  // Returns the capture without the request and the edits. Only if it can be
  // read again. Errors: FILE_SYSTEM_ERROR, SESSION_FILE_CHANGED.
  absl::StatusOr<Source> CopySource();

  // Returns a source, whose file is open as `file`, without the request and the
  // edits. Errors: FILE_SYSTEM_ERROR.
  static absl::StatusOr<Source> Copy(const Source& source,
                                     const UniqueFd& file);

  // Returns what was read of a capture that can be read again. Errors:
  // FILE_SYSTEM_ERROR.
  absl::StatusOr<Prefix> CopyPrefix() const;

  // A bitmap of the records that the read filter lets pass, as
  // ipc::Query::kKeptRecords tells; while the state is READY.
  const std::string& kept_records() const { return kept_records_; }

  // The memory when it was last looked at.
  uint64_t memory_bytes() const { return facts_.memory_bytes(); }
  size_t checkpoint_count() const {
    return checkpoints_ == nullptr ? 0 : checkpoints_->size();
  }

  // Whether a file isn't the one that was opened, or has lost a part of it.
  bool IsOtherFile(const struct stat& file) const;

  // Looks at the memory and at the file; both can make the session fail. Then
  // calls `done` if this still exists.
  void Check(absl::AnyInvocable<void()> done = nullptr);

 private:
  // Reads the answer of one of the processes.
  class Step : public QueryReader {
   public:
    using ResponseFn =
        void (SessionProcesses::*)(const grpc::ByteBuffer& response);
    using EndFn = void (SessionProcesses::*)(const absl::Status& status);
    Step(SessionProcesses* owner, ResponseFn respond, EndFn end)
        : owner_(owner), respond_(respond), end_(end) {}
    void OnResponse(const grpc::ByteBuffer& response) override {
      (owner_->*respond_)(response);
    }
    void OnEnd(const absl::Status& status) override { (owner_->*end_)(status); }

   private:
    SessionProcesses* const owner_;
    const ResponseFn respond_;
    const EndFn end_;
  };
  SessionProcesses(const Deps& deps, Source source);

  void OpenFirstFile();
  void OpenCapture();
  void OnOpened(const absl::Status& status);
  absl::Status ReadCapture();
  // Reads the capture in the place of a process that has crashed.
  absl::Status ReadCaptureAgain();
  void OnProgress(const v1::Progress& progress);
  // Answers questions about a running capture, if what was known is read.
  void BecomeReadyWhileLive();
  bool HasReadWhatWasKnown() const;
  void OnResponse(const grpc::ByteBuffer& response);
  void OnRead(const absl::Status& status);
  void OnKeptRecords(const grpc::ByteBuffer& response);
  void OnAllKnown(const absl::Status& status);
  void BeginCheckpoints();
  // Makes another checkpoint if there is room for it.
  void AddCheckpoint();
  // Returns the last checkpoint before a frame; null if there is none.
  const Checkpoints::Checkpoint* CheckpointBefore(uint32_t frame) const;
  // Returns the process whose forks answer about a frame.
  const std::shared_ptr<QueryWorker>& ProcessBefore(uint32_t frame) const;
  // Returns whether another process may do what one has died of, without the
  // frame that is to blame.
  bool MayRepeat(const QueryWorker& process);
  // Whether a process was killed, and none before it at the same frame: then
  // the frame needn't be to blame.
  bool IsFirstKill(const WorkerOutcome& crash);
  bool HasRoomForCheckpoint() const;
  // Gives up what only makes answers quick. Returns whether there was anything.
  bool DropReserves();
  void OnChecked(uint64_t memory, bool changed);
  // Returns why the session is about to fail if its file has changed.
  absl::Status CheckFile();
  // Watches a process without which there is no session.
  void WatchProcess(QueryWorker* process);
  void NotifyOfChange();
  void Fail(const absl::Status& status);
  void EndProcesses();

  const Deps deps_;
  Source source_;
  // To see whether the file is changed; null for a capture.
  const std::shared_ptr<SessionFile> file_;
  // What the process that reads a capture gets with its first file.
  std::string first_file_;
  // What progress() must say before questions about a running capture are
  // answered.
  uint32_t records_to_read_ = 0;
  v1::SessionState state_ = v1::SESSION_STATE_READING;
  v1::Session facts_;
  v1::Progress progress_;
  uint64_t progress_number_ = 0;
  uint64_t change_number_ = 1;
  absl::Status failure_;
  Subscribers subscribers_;
  std::string kept_records_;
  // The memory before the last checkpoint.
  uint64_t memory_before_ = 0;

  // Knows the frames that crashed a process which read or skipped frames.
  CrashRecovery recovery_;
  // The position of the last crash.
  ipc::PassPosition crashed_at_ = {};
  uint32_t first_kills_ = 0;

  Step opening_{this, &SessionProcesses::OnResponse,
                &SessionProcesses::OnOpened};
  Step reading_{this, &SessionProcesses::OnResponse, &SessionProcesses::OnRead};
  Step asking_for_records_{this, &SessionProcesses::OnKeptRecords,
                           &SessionProcesses::OnAllKnown};
  std::shared_ptr<QueryWorker> opened_;
  std::shared_ptr<QueryWorker> read_;
  // The frames that a running capture had for the last question.
  std::shared_ptr<SessionSnapshot> snapshot_;
  // Null until all frames are read.
  std::unique_ptr<Checkpoints> checkpoints_;
  SpareForks spares_;
  const FrameScan::Source scans_;
  std::unique_ptr<FilterBitmaps> filters_;
  std::unique_ptr<PacketLists> lists_;
  SortedLists sorted_lists_;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_SESSION_PROCESSES_H_
