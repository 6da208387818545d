// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_LIVE_LIVE_WORKER_H_
#define SERVER_LIVE_LIVE_WORKER_H_

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ipc/protocol.h"
#include "server/base/io_loop.h"
#include "server/base/timer.h"
#include "server/capture/live_feed.h"
#include "server/engine/worker.h"
#include "server/engine/worker_parent.h"
#include "server/engine/worker_socket.h"
#include "server/live/live_reader.h"
#include "server/live/live_stream.h"

namespace dissectd::server {

// A worker that follows a live capture, for any number of readers whose
// requests have the same WorkerKey. It dissects each frame once. Readers with
// the same StreamKey share messages.
//
// It runs at the pace of its fastest reader. Readers that are far behind are
// dropped. Used on the loop's thread only.
class LiveWorker : public std::enable_shared_from_this<LiveWorker>,
                   private Worker::Listener {
 public:
  // Not owned; outlives this.
  struct Deps {
    IoLoop* loop;
    LiveFeed::Deps feed;
  };
  // Callbacks for the owner of the workers.
  struct Events {
    // The worker has read everything that it may read, and needs Resume.
    absl::AnyInvocable<void(LiveWorker* worker)> on_waiting;
    // The worker has no readers any more, and never will.
    absl::AnyInvocable<void(LiveWorker* worker)> on_closed;
  };

  // Starts a worker for its first reader, once the capture has a file. Errors:
  // CAPTURE_NOT_FOUND.
  static absl::StatusOr<std::shared_ptr<LiveWorker>> Start(
      const Deps& deps, const std::string& capture, Events events,
      LiveReader* reader);

  // Returns the number of frames of the capture so far.
  static absl::StatusOr<uint32_t> FramesSoFar(const Deps& deps,
                                              const std::string& capture);

  // Whether the worker could serve the reader like a separate worker, without
  // dissecting frames again.
  bool CanAdmit(const LiveReader& reader) const;
  // Adds a reader, which starts at its position in the capture.
  void Admit(LiveReader* reader);
  // Removes a reader.
  void Leave(LiveReader* reader);
  // Called when a reader has room, or is less far behind.
  void ReadMore();

  // Whether the worker waits for Resume, or for the capture.
  bool is_waiting() const {
    return state_ == State::kWaiting && !feed_->is_opening();
  }
  size_t reader_count() const;
  // Whether the two workers, which both wait, could be merged.
  bool IsLike(const LiveWorker& other) const;
  // Moves all readers to the other worker, which waits until then, and ends
  // this one. If that fails, both continue separately.
  void HandOverTo(const std::shared_ptr<LiveWorker>& handover_target);
  // Lets the worker continue, up to `stop` unless that is 0.
  void Resume(uint64_t stop);

  // The worker's position; see LiveFeed.
  uint64_t position() const { return feed_->position(); }
  uint64_t granted() const { return feed_->granted(); }

  // Whether the worker never takes other readers.
  bool is_alone() const { return alone_; }

 private:
  LiveWorker(const Deps& deps, Events events, std::shared_ptr<LiveFeed> feed);

  // Starting.
  void OnFirstFile(absl::StatusOr<LiveFeed::File> file);
  absl::Status StartProcess(LiveFeed::File file);

  // Removes the stream whose number begins the payload, and returns it; nothing
  // if its last reader has left meanwhile.
  absl::StatusOr<std::optional<LiveStream>> TakeStream(
      const grpc::ByteBuffer& payload, grpc::ByteBuffer* rest);

  // Messages of the worker.
  void OnWorkerMessage(const WorkerSocket::Message& message) override;
  void OnWorkerEnd(const WorkerOutcome& outcome) override;
  absl::Status HandleMessage(const WorkerSocket::Message& message);
  absl::Status OnStreamMessage(const grpc::ByteBuffer& payload);
  absl::Status OnStreamEnded(const grpc::ByteBuffer& payload);
  absl::Status OnStreamExpelled(const grpc::ByteBuffer& payload);
  absl::Status OnStates(const grpc::ByteBuffer& payload);

  // Lets the worker continue unless something else has to be done first.
  void Wait();

  // Readers.
  void AdmitPendingReaders();
  // Whether the worker may have read frames.
  bool HasBegun() const { return granted() != start_; }
  bool KnowsFilter(const std::string& filter) const;
  void AddToStream(LiveReader* reader, const ipc::AddStream& begin);
  void TakeOver(const LiveStream& stream, const ipc::StreamState& state);
  void DropSlowReaders();
  void CloseIfUnused();
  bool AnyHasRoom() const;

  void GiveUpHandOver();
  // Lets the worker continue that should have taken over from this one.
  void ReleaseTarget();
  void EndAll(const std::optional<grpc::ByteBuffer>& last_message,
              const absl::Status& status);
  void Close();

  const Deps deps_;
  Events events_;
  const std::shared_ptr<LiveFeed> feed_;
  // Null until the capture has a file, and once this is closed.
  std::unique_ptr<Worker> worker_;
  std::vector<LiveStream> streams_;
  ipc::StreamNumber last_stream_ = 0;
  // Readers that wait until the worker has reached their position.
  std::vector<LiveReader*> pending_readers_;
  grpc::ByteBuffer header_;

  enum class State {
    // Waits for the capture's first file, or reads up to its limit.
    kReading,
    // Has sent a ReadRequest that is not answered yet.
    kWaiting,
    // Waits like kWaiting, until the process has sent its streams' states.
    kHandingOver,
    // Waits like kWaiting, until another worker has handed over its readers.
    kInheriting,
    // Has no readers any more.
    kClosed,
  };
  State state_ = State::kReading;
  // The number of the frame before the first one that it can read.
  uint64_t start_ = 0;
  bool alone_ = false;

  // Present while the worker hands over its readers.
  std::shared_ptr<LiveWorker> handover_target_;
  Timer handover_timeout_;
};

}  // namespace dissectd::server

#endif  // SERVER_LIVE_LIVE_WORKER_H_
