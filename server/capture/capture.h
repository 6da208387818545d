// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURE_H_
#define SERVER_CAPTURE_CAPTURE_H_

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/capture.pb.h"
#include "server/base/subscribers.h"
#include "server/capture/capture_log.h"
#include "server/dumpcap/sync_pipe.h"
#include "server/process/async_subprocess.h"
#include "server/process/subprocess.h"

namespace dissectd::server {

// One capture: supervises its dumpcap, from its start to its end, and tells
// what happens. Used on the loop's thread only.
class Capture : public std::enable_shared_from_this<Capture> {
 public:
  using Started = absl::AnyInvocable<void(const absl::Status& status)>;

  // A new one. `context` is not owned and outlives this.
  Capture(asio::io_context* context, v1::Capture description);
  // One that was kept by an earlier daemon, and has ended.
  Capture(asio::io_context* context, v1::Capture description, CaptureLog log);
  ~Capture();
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  // Starts dumpcap. `started` is called once, later than this returns: when the
  // first file is open, or with why it can't be. If a pipe is captured from it
  // is called at once, as dumpcap opens no file before something comes.
  void Start(const Command& command, Started started);

  // Ends it; for what reason is noted, unless it ends already. A capture that
  // doesn't end by being asked is killed in the end.
  void Stop(v1::StopReason reason);

  // What it is now.
  const v1::Capture& description() const { return description_; }
  const CaptureLog& log() const { return log_; }
  bool has_ended() const;

  // The files so far, those too that a ring has deleted, by the number of the
  // first, which is how many are gone. Of the last, and only of it, more
  // packets may come while the capture runs.
  uint64_t first_file() const { return description_.files_deleted(); }

  // Calls `changed` after each change, until Unsubscribe. It may unsubscribe
  // itself.
  uint64_t Subscribe(std::function<void()> changed) {
    return subscribers_.Add(std::move(changed));
  }
  void Unsubscribe(uint64_t subscription) { subscribers_.Remove(subscription); }

 private:
  void OnSyncPipe(absl::string_view bytes);
  void OnMessage(const SyncMessage& message);
  void OnFile(const std::string& path);
  void OnPackets(uint64_t packets);
  void OnDrops(const SyncMessage& message);
  void OnBadFilter(const SyncMessage& message);
  void OnError(const SyncMessage& message);
  void OnEnd(int wait_status);

  // The first error is why the capture fails.
  void Fail(const absl::Status& status);
  // Whether dumpcap, which has ended unasked, had a reason to.
  bool HasStoppedItself() const;
  void Finish(int wait_status);
  void ReportStart(const absl::Status& status);
  void SetState(v1::CaptureState state) { description_.set_state(state); }
  void Note(v1::CaptureEvent event);
  void NoteText(const std::string& primary, const std::string& secondary);
  void AwaitStart();
  void AwaitDuration();
  void Escalate(int signal);
  void WatchInterfaces();

  asio::io_context* const context_;
  v1::Capture description_;
  CaptureLog log_;
  // Its path.
  std::string dumpcap_;
  std::shared_ptr<AsyncSubprocess> program_;
  std::chrono::steady_clock::time_point start_time_;
  // The path of the file that dumpcap writes to.
  std::string current_path_;
  SyncPipeParser parser_;
  Started started_;
  // What dumpcap complained of before its first file: a warning if that comes.
  absl::Status complaint_;
  absl::Status failure_;
  v1::StopReason stop_reason_ = v1::STOP_REASON_UNSPECIFIED;
  asio::steady_timer start_timer_;
  asio::steady_timer duration_timer_;
  asio::steady_timer stop_timer_;
  asio::steady_timer watch_timer_;
  // By interface, whether it was up.
  std::map<std::string, bool> up_;
  Subscribers subscribers_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURE_H_
