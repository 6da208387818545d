// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_LIVE_LIVE_WORKER_H_
#define SERVER_LIVE_LIVE_WORKER_H_

#include <grpcpp/support/byte_buffer.h>

#include <asio/steady_timer.hpp>
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
#include "server/capture/live_feed.h"
#include "server/engine/engine_supervisor.h"
#include "server/engine/worker.h"
#include "server/engine/worker_socket.h"
#include "server/live/live_reader.h"
#include "server/live/live_stream.h"

namespace dissectd::server {

// One worker that follows a live capture, for any number of readers whose
// requests have the same WorkerKey. It dissects each frame once; readers whose
// StreamKey is the same too share its messages.
//
// It reads as fast as its fastest reader. One that is far behind is dropped.
// Used on the loop's thread only.
class LiveWorker : public std::enable_shared_from_this<LiveWorker>,
                   private Worker::Listener {
 public:
  // Not owned; outlives this.
  struct Deps {
    IoLoop* loop;
    EngineSupervisor* engine;
    LiveFeed::Deps feed;
  };
  // What whoever looks after workers hears of this one.
  struct Events {
    // It has read what it was allowed to, and is to go on with Resume.
    absl::AnyInvocable<void(LiveWorker* worker)> on_waiting;
    // It serves nobody any more, and never will.
    absl::AnyInvocable<void(LiveWorker* worker)> on_closed;
  };

  // Begins a worker for its first reader, once the capture has a file. Errors:
  // CAPTURE_NOT_FOUND.
  static absl::StatusOr<std::shared_ptr<LiveWorker>> Start(
      const Deps& deps, const std::string& capture, Events events,
      LiveReader* reader);

  // Frames that the capture has so far.
  static absl::StatusOr<uint32_t> FramesSoFar(const Deps& deps,
                                              const std::string& capture);

  // Whether the worker could serve the reader as one of its own would, without
  // dissecting anything again.
  bool CanAdmit(const LiveReader& reader) const;
  // Serves the reader as well, from its place in the capture on.
  void Admit(LiveReader* reader);
  // The reader is gone.
  void Leave(LiveReader* reader);
  // A reader has room, or is less far behind.
  void ReadMore();

  // Whether it waits for Resume, or for the capture.
  bool is_waiting() const {
    return state_ == State::kWaiting && !feed_->is_opening();
  }
  size_t reader_count() const;
  // Whether both could be one worker, now that both wait.
  bool IsLike(const LiveWorker& other) const;
  // Gives all readers to the other worker, which waits until then, and ends.
  // Either goes on alone if that fails.
  void HandOverTo(const std::shared_ptr<LiveWorker>& handover_target);
  // Has the worker go on, though no further than to `stop`, unless that is 0.
  void Resume(uint64_t stop);

  // What LiveFeed says of where it is.
  uint64_t position() const { return feed_->position(); }
  uint64_t granted() const { return feed_->granted(); }

  // Whether it never shares its readers with another one.
  bool is_alone() const { return alone_; }

 private:
  LiveWorker(const Deps& deps, Events events, std::shared_ptr<LiveFeed> feed);

  // Beginning.
  void OnFirstFile(absl::StatusOr<LiveFeed::File> file);
  absl::Status StartProcess(LiveFeed::File file);

  // Takes the stream whose number the payload begins with out of the others;
  // nothing if its last reader has left meanwhile.
  absl::StatusOr<std::optional<LiveStream>> TakeStream(
      const grpc::ByteBuffer& payload, grpc::ByteBuffer* rest);

  // What the worker says.
  void OnWorkerMessage(const WorkerSocket::Message& message) override;
  void OnWorkerEnd(const WorkerOutcome& outcome) override;
  absl::Status HandleMessage(const WorkerSocket::Message& message);
  absl::Status OnStreamMessage(const grpc::ByteBuffer& payload);
  absl::Status OnStreamEnded(const grpc::ByteBuffer& payload);
  absl::Status OnStreamExpelled(const grpc::ByteBuffer& payload);
  absl::Status OnStates(const grpc::ByteBuffer& payload);

  // Has it go on, if nothing else has to be done first.
  void Wait();

  // Readers.
  void AdmitNewcomers();
  // Whether it was allowed to read frames.
  bool HasBegun() const { return granted() != start_; }
  bool KnowsFilter(const std::string& filter) const;
  void AddToStream(LiveReader* reader, const ipc::AddStream& begin);
  void TakeOver(const LiveStream& stream, const ipc::StreamState& state);
  void DropSlowReaders();
  void CloseIfUnused();
  bool AnyHasRoom() const;

  void GiveUpHandOver();
  // Lets the worker go on that was to take over from this one.
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
  // Those who wait until the worker has come to their place.
  std::vector<LiveReader*> pending_readers_;
  grpc::ByteBuffer header_;

  enum class State {
    // Waits for the capture's first file, or reads what it was allowed to.
    kReading,
    // Has sent a ReadRequest that is not answered yet.
    kWaiting,
    // Waits, as kWaiting, until the process has told its streams' states.
    kHandingOver,
    // Waits, as kWaiting, until another worker has handed over to this one.
    kInheriting,
    // Serves nobody any more.
    kClosed,
  };
  State state_ = State::kReading;
  // The frame before the first that it can read.
  uint64_t start_ = 0;
  bool alone_ = false;

  // Present while it hands over.
  std::shared_ptr<LiveWorker> handover_target_;
  asio::steady_timer handover_timeout_;
};

}  // namespace dissectd::server

#endif  // SERVER_LIVE_LIVE_WORKER_H_
