// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURE_H_
#define SERVER_CAPTURE_CAPTURE_H_

#include <asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/capture.pb.h"
#include "server/base/log_limit.h"
#include "server/base/principal.h"
#include "server/base/subscribers.h"
#include "server/base/thread_checker.h"
#include "server/base/timer.h"
#include "server/base/unique_fd.h"
#include "server/capture/capture_history.h"
#include "server/capture/capture_notes.h"
#include "server/capture/capture_process.h"
#include "server/capture/interface_state_watch.h"
#include "server/capture/keeper_files.h"
#include "server/capture/kept_dumpcap.h"
#include "server/capture/packet_pipe.h"
#include "server/capture/packet_source.h"
#include "server/dumpcap/sync_pipe.h"
#include "server/extcap/extcap.h"
#include "server/process/subprocess.h"

namespace dissectd::server {

// Reads a capture while it runs.
class CaptureFollower {
 public:
  virtual ~CaptureFollower() = default;
  // Returns the number of the last packet that it has read; UINT64_MAX if
  // unknown.
  virtual uint64_t position() const = 0;
};

// Sends the events of a capture to a client.
class CaptureWatcher {
 public:
  virtual ~CaptureWatcher() = default;
  // Returns the number of the last event that it has sent.
  virtual uint64_t sequence() const = 0;
};

// One capture: supervises its dumpcap from start to end, and keeps its history.
// Used on the loop's thread only, except for the constructor and Subscribe.
class Capture : public std::enable_shared_from_this<Capture> {
 public:
  using Started = absl::AnyInvocable<void(const absl::Status& status)>;

  // A new capture, or one of an earlier daemon that has ended. `context` is not
  // owned and outlives this.
  Capture(asio::io_context* context, CaptureHistory history);
  ~Capture();
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  // Starts dumpcap, and the extcap programs that it reads from, in the order of
  // the interfaces. Calls `started` once, after this has returned: when the
  // first file is open, or with the reason why it can't be opened. For a pipe
  // or an extcap program doesn't wait for the file, which dumpcap opens only
  // when packets come.
  void Start(const Command& command, const std::vector<ExtcapSource>& sources,
             Started started);

  // Before Start: lets a capture-keeper start dumpcap, so that the capture can
  // go on without this daemon. `notes` are for the next one.
  void KeepBy(KeptDumpcap::Launch launch, CaptureNotes notes);

  // Instead of Start: goes on with a capture that an earlier daemon has left.
  // `path` is that of its last file, empty if there is none.
  void Adopt(KeptCapture kept, std::string path);

  // Leaves the capture to the next daemon, if it can go on without one and
  // isn't being stopped. Nothing happens to it any more.
  void Leave();
  // Whether the next daemon goes on with the capture.
  bool is_left() const { return notes_.left; }

  // Called when there is a journal, perhaps without the last events.
  void OnJournalCreated();
  // Called when the journal has all events.
  void OnJournalWritten();

  // Stops the capture for this reason, unless it is stopping already. Kills
  // dumpcap if it doesn't end.
  void Stop(v1::StopReason reason);

  // Stops a capture that may not go on, so that it fails with this error.
  void StopWith(const absl::Status& error);

  const CaptureHistory& history() const { return history_; }
  const v1::Capture& description() const { return history_.description(); }
  bool has_ended() const { return history_.has_ended(); }

  // Returns the pipe for the packets from the client, to the first caller that
  // has created the capture. Errors: CAPTURE_NOT_FED, CAPTURE_FED.
  absl::StatusOr<std::shared_ptr<PacketPipe>> TakePipe(
      const Principal& principal);

  // From now on, stops the capture when it hasn't been used for this time.
  void SetIdleTimeout(std::chrono::nanoseconds timeout);
  // See CaptureUse.
  void BeginUse();
  void EndUse();
  // Notes a use that is over already.
  void Touch() { AwaitIdleness(); }

  void SetReaders(const std::vector<std::string>& readers) {
    history_.SetReaders(readers);
  }

  // Hides the values of arguments of an interface in the description, before
  // the capture starts.
  void HideExtcapArguments(int interface,
                           const std::vector<std::string>& names) {
    history_.HideExtcapArguments(interface, names);
  }

  // Adds a message of the daemon's to the events of a running capture.
  void AddMessage(const std::string& primary, const std::string& secondary);

  // Calls `changed` after each change, until Unsubscribe, which `changed` may
  // call.
  uint64_t Subscribe(Subscribers::Changed changed) {
    return subscribers_.Add(std::move(changed));
  }
  void Unsubscribe(uint64_t subscription) { subscribers_.Remove(subscription); }

  // Notes those who read the capture, until RemoveFollower.
  void AddFollower(const CaptureFollower* follower) {
    followers_.insert(follower);
  }
  void RemoveFollower(const CaptureFollower* follower) {
    followers_.erase(follower);
  }
  const std::set<const CaptureFollower*>& followers() const {
    return followers_;
  }

  // Notes those who watch the events, until RemoveWatcher.
  void AddWatcher(const CaptureWatcher* watcher) { watchers_.insert(watcher); }
  void RemoveWatcher(const CaptureWatcher* watcher) {
    watchers_.erase(watcher);
  }
  const std::set<const CaptureWatcher*>& watchers() const { return watchers_; }

 private:
  CaptureProcess::Handlers ProcessHandlers();
  void OnMessages(const absl::StatusOr<std::vector<SyncMessage>>& messages);
  void OnMessage(const SyncMessage& message);
  void OnFile(const std::string& path);
  void OnPackets(uint64_t packets);
  void OnDrops(const SyncMessage& message);
  void OnBadFilter(const SyncMessage& message);
  void OnError(const SyncMessage& message);
  void OnProcess(pid_t pid);
  void OnNotStarted(const absl::Status& status);
  void OnRefused(pid_t pid);
  void OnLost();
  void OnEnd(const CaptureProcess::End& end);
  // Adds a message of dumpcap to the events, unless an earlier daemon has.
  void AddReport(const std::string& primary, const std::string& secondary);

  // Tells the next daemon why the capture is being stopped.
  void NoteStop();
  // Returns the reason of a capture that the keeper has ended.
  v1::StopReason AbandonReason() const;

  // Makes the capture fail; the first error counts.
  void Fail(const absl::Status& status);
  // Whether dumpcap, which the daemon didn't stop, had a reason to end.
  bool HasStoppedItself() const;
  void Judge(int wait_status, bool had_sources);
  v1::CaptureStopped DescribeStop(int wait_status) const;
  void Finish(int wait_status);
  void StopTimers();
  void ReportStart(const absl::Status& status);
  void AddEvent(v1::CaptureEvent event);
  absl::Status StartProgram(const Command& command,
                            const std::vector<ExtcapSource>& sources);
  void AwaitStart();
  void AwaitDuration();
  // Stops a capture whose packets never begin to come from the client.
  void AwaitClient();
  void AwaitIdleness();
  void Escalate(int signal);
  void WatchInterfaces();

  // Starts the extcap programs. Returns the ends of the pipes that dumpcap
  // reads.
  absl::StatusOr<std::vector<UniqueFd>> StartSources(
      const std::vector<ExtcapSource>& sources);
  // Ends a capture whose extcap programs send nothing.
  void AwaitSources();
  void OnSourceEnd(size_t index);
  void StopAfterSource();
  void EndSources();
  void KillSources();
  void FinishIfAllEnded();
  // Returns the name of an interface by that for dumpcap.
  std::string InterfaceOf(absl::string_view dumpcap_name) const;

  asio::io_context* const context_;
  CaptureHistory history_;
  // The path of dumpcap.
  std::string dumpcap_;
  // Whether dumpcap was started without capabilities.
  bool unprivileged_ = false;
  // Null when it has ended.
  std::shared_ptr<CaptureProcess> program_;
  // The same while a capture-keeper has it, and until the journal has its end.
  std::shared_ptr<KeptDumpcap> kept_;
  // How to keep dumpcap; absent if it is a child of the daemon.
  std::optional<KeptDumpcap::Launch> launch_;
  CaptureNotes notes_;
  // The messages that an earlier daemon has reported, and that come again.
  std::multiset<std::pair<std::string, std::string>> reported_;
  // Absent until dumpcap has ended.
  std::optional<CaptureProcess::End> dumpcap_end_;
  std::vector<std::shared_ptr<PacketSource>> sources_;
  // The first failure of one of them.
  absl::Status source_failure_;
  Timer source_timer_;
  std::chrono::steady_clock::time_point start_time_;
  // The path of the file that dumpcap writes to.
  std::string current_path_;
  Started started_;
  // The error that dumpcap reported before its first file; only a warning if a
  // file follows.
  absl::Status complaint_;
  absl::Status failure_;
  v1::StopReason stop_reason_ = v1::STOP_REASON_UNSPECIFIED;
  // Whether the daemon before this one has left the capture on purpose.
  bool was_left_ = false;
  LogLimit refusals_;
  Timer start_timer_;
  Timer duration_timer_;
  Timer stop_timer_;
  // Null if no packets come from the client.
  std::shared_ptr<PacketPipe> pipe_;
  bool pipe_taken_ = false;
  Timer client_timer_;
  // Zero if the capture may be idle.
  std::chrono::nanoseconds idle_timeout_{0};
  Timer idle_timer_;
  // The number of calls that use the capture.
  int uses_ = 0;
  // Null before dumpcap was started.
  std::shared_ptr<InterfaceStateWatch> state_watch_;
  Subscribers subscribers_;
  std::set<const CaptureFollower*> followers_;
  std::set<const CaptureWatcher*> watchers_;
  ThreadChecker thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURE_H_
