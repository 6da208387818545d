// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURES_H_
#define SERVER_CAPTURE_CAPTURES_H_

#include <asio/thread_pool.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/capture.pb.h"
#include "server/base/io_loop.h"
#include "server/base/principal.h"
#include "server/base/timer.h"
#include "server/capture/capture.h"
#include "server/capture/capture_disk.h"
#include "server/capture/capture_finder.h"
#include "server/capture/capture_options.h"
#include "server/capture/journal_file.h"
#include "server/capture/journal_writer.h"
#include "server/capture/keeper_files.h"
#include "server/capture/pending_capture.h"
#include "server/capture/written_bytes.h"
#include "server/dumpcap/dumpcap.h"
#include "server/extcap/extcap.h"
#include "server/store/file_owners.h"

namespace dissectd::server {

// All captures of the daemon, including those that earlier daemons left. Used
// on the loop's thread only, except for the constructor.
class Captures : public CaptureFinder {
 public:
  struct Deps {
    // Not owned; outlives this.
    IoLoop* loop;
    // Runs what may block on the file system.
    asio::thread_pool* pool;
    Dumpcap* dumpcap;
    Extcap* extcap;
    // The store: its folder, open, and as an absolute path.
    int root;
    std::string store;
    CapturePolicy policy;
    // The largest number of captures that run at the same time, and of those
    // of one caller.
    uint32_t limit;
    uint32_t limit_per_caller;
    // Not owned; outlives this.
    FileOwners* owners;
    // The store as FileStore, and the limits of its disk space.
    const FileStore* files;
    CaptureDisk::Limits disk_limits;
    CaptureKeeping keeping;
  };
  using Done = PendingCapture::Done;

  // Reads the journals of earlier daemons' captures. Goes on with those that
  // went on without a daemon, and ends a dumpcap that still runs for another.
  explicit Captures(Deps deps);

  // Implement CaptureService's calls; capture.proto has their errors. `done` is
  // called once, on the loop's thread. `share_key` is that of CallInfo.
  void Create(const Principal& principal, const std::string& share_key,
              const v1::CreateCaptureRequest& request, Done done);
  void Stop(const std::string& name, v1::StopMode mode, Done done);
  void Share(const v1::ShareCaptureRequest& request, Done done);
  void Delete(const v1::DeleteCaptureRequest& request,
              absl::AnyInvocable<void(const absl::Status&)> done);
  absl::StatusOr<std::shared_ptr<Capture>> Find(
      const std::string& name) const override;
  // Lists only captures that `shows` permits.
  absl::Status List(const v1::ListCapturesRequest& request,
                    const std::function<bool(const std::string& name)>& shows,
                    v1::ListCapturesResponse* response) const;
  absl::Status ListFiles(const v1::ListCaptureFilesRequest& request,
                         v1::ListCaptureFilesResponse* response) const;

  // Returns the number of captures that run, or are about to.
  size_t CountRunning() const { return RunningCaptures().size(); }
  // What reads captures while they run.
  struct Readers {
    uint64_t followers = 0;
    // The packets that the slowest follower hasn't asked for yet.
    uint64_t most_packets_behind = 0;
    uint64_t watchers = 0;
    // The events that the slowest watcher hasn't sent yet.
    uint64_t most_events_behind = 0;
  };
  Readers DescribeReaders() const;

  const CapturePolicy& policy() const { return deps_.policy; }

  // Starts no more captures, stops those that run, and calls `done` when they
  // have ended and their journals say so.
  void StopAll(absl::AnyInvocable<void()> done);
  // As StopAll, but leaves captures that can go on to the next daemon. Calls
  // about them fail with SERVER_STOPPING.
  void LeaveAll(absl::AnyInvocable<void()> done);

 private:
  struct Entry {
    std::shared_ptr<Capture> capture;
    // Null for a capture that had ended when the daemon started.
    std::shared_ptr<JournalWriter> journal;
    std::shared_ptr<WrittenBytes> bytes;
  };

  void Restore(const std::string& id, CaptureJournal journal);
  // Goes on with a capture that has a keeper. `size` is that of its journal.
  void Adopt(const std::string& id, CaptureHistory history, size_t size,
             KeptCapture kept);
  // Acknowledges to the keeper what the journal has.
  void OnJournalDone(const std::string& id);
  // Answers the call with the capture that an earlier request of the principal
  // with this id has created, possibly later. Returns false if there is none.
  bool AnswerAsBefore(const Principal& principal, const std::string& request_id,
                      Done* done);
  // Checks the limits of running captures. Errors: TOO_MANY_CAPTURES,
  // TOO_MANY_CAPTURES_OF_CALLER.
  absl::Status CheckLimits(const std::string& share_key) const;
  // Returns the ids of the captures that run, or are about to.
  std::vector<std::string> RunningCaptures() const;

  void OnStarted(const std::shared_ptr<PendingCapture>& pending,
                 std::chrono::nanoseconds idle_timeout,
                 const absl::Status& status);
  // Ends a capture whose journal can't be created.
  void Undo(const std::shared_ptr<PendingCapture>& pending,
            const absl::Status& status);
  // Deletes the files of a capture that could not start.
  void GiveUp(const std::shared_ptr<PendingCapture>& pending,
              const absl::Status& status);

  // Adds a capture that runs, or was interrupted, with a journal.
  Entry* AddWithJournal(const std::string& id,
                        std::shared_ptr<Capture> capture);
  void Erase(const std::string& id);
  void OnChange(const std::string& id);
  void OnJournalError(const std::string& id, const absl::Status& error);
  void AwaitEnd(const std::shared_ptr<Capture>& capture, Done done);
  void AwaitAllEnded();

  // Returns the path, in the store, of the file that a capture writes to;
  // absent if there is none yet.
  static std::optional<std::string> LastFile(const CaptureHistory& history);
  // Counts the bytes of a capture in the background.
  void CountBytes(const Entry& entry);

  // Looks at the disk space while captures run, and stops them if it is used
  // up.
  void WatchSpace();
  void MeasureSpace();
  void OnSpace(const absl::Status& room);

  const Deps deps_;
  const JournalWriter::Disk disk_;
  // Used on `disk_` only, except by the constructor.
  CaptureDisk space_;
  Timer space_timer_;
  // Whether the space is looked at now and then, as captures run.
  bool watching_space_ = false;
  // The ids of captures that ran when the space was looked at.
  std::set<std::string> measured_;
  // Indexed by id.
  std::map<std::string, Entry> entries_;
  std::vector<std::shared_ptr<PendingCapture>> pending_;
  // The share keys of those who created captures since the start, by id.
  std::map<std::string, std::string> share_keys_;
  bool stopping_ = false;
  absl::AnyInvocable<void()> all_ended_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURES_H_
