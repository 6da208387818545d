// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_LIVE_LIVE_SESSION_H_
#define SERVER_LIVE_LIVE_SESSION_H_

#include <grpcpp/support/byte_buffer.h>

#include <asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ipc/protocol.h"
#include "server/capture/live_feed.h"
#include "server/epan_host.h"
#include "server/io_loop.h"
#include "server/live/live_reader.h"
#include "server/live/live_stream.h"
#include "server/session_process.h"
#include "server/session_socket.h"

namespace dissectd {

// One session that follows a live capture, for any number of readers whose
// requests have the same SessionKey. It dissects each frame once; readers whose
// StreamKey is the same too share its messages.
//
// It reads as fast as its fastest reader. One that is far behind is dropped.
// Used on the loop's thread only.
class LiveSession : public std::enable_shared_from_this<LiveSession> {
 public:
  // Not owned; outlives this.
  struct Parts {
    IoLoop* loop;
    EpanHost* host;
    LiveFeed::Parts feed;
  };
  // What whoever looks after sessions hears of this one.
  struct Events {
    // It has read what it was allowed to, and is to go on with Resume.
    std::function<void(LiveSession* session)> on_waiting;
    // It serves nobody any more, and never will.
    std::function<void(LiveSession* session)> on_closed;
  };

  // Begins a session for its first reader, once the capture has a file. Errors:
  // CAPTURE_NOT_FOUND.
  static absl::StatusOr<std::shared_ptr<LiveSession>> Start(
      const Parts& parts, const std::string& capture, Events events,
      LiveReader* reader);

  // Frames that the capture has so far.
  static absl::StatusOr<uint32_t> FramesSoFar(const Parts& parts,
                                              const std::string& capture);

  // Whether the session could serve the reader as one of its own would, without
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
    return asking_ && !feed_->is_opening() && !handing_over_ && !inheriting_ &&
           !closed_;
  }
  size_t reader_count() const;
  // Whether both could be one session, now that both wait.
  bool IsLike(const LiveSession& other) const;
  // Gives all readers to the other session, which waits until then, and ends.
  // Either goes on alone if that fails.
  void HandOverTo(const std::shared_ptr<LiveSession>& heir);
  // Has the session go on, though no further than to `stop`, unless that is 0.
  void Resume(uint64_t stop);

  // What LiveFeed says of where it is.
  uint64_t position() const { return feed_->position(); }
  uint64_t granted() const { return feed_->granted(); }

  // Whether it never shares its readers with another one.
  bool is_alone() const { return alone_; }

 private:
  LiveSession(const Parts& parts, Events events,
              std::shared_ptr<LiveFeed> feed);

  // Beginning.
  void OnFirstFile(absl::StatusOr<LiveFeed::File> file);
  absl::Status StartProcess(LiveFeed::File file);

  // Takes the stream whose number the payload begins with out of the others;
  // nothing if its last reader has left meanwhile.
  absl::StatusOr<std::optional<LiveStream>> TakeStream(
      const grpc::ByteBuffer& payload, grpc::ByteBuffer* rest);

  // What the session says.
  void OnRead(SessionSocket::ReadResult result,
              const SessionSocket::Frame& frame);
  absl::Status OnFrame(const SessionSocket::Frame& frame);
  absl::Status OnStreamMessage(const grpc::ByteBuffer& payload);
  absl::Status OnStreamEnded(const grpc::ByteBuffer& payload);
  absl::Status OnStreamExpelled(const grpc::ByteBuffer& payload);
  absl::Status OnStates(const grpc::ByteBuffer& payload);
  void OnProcessEnded(const SessionEnd& end);
  void EndIfSilent();

  // It is to go on, if nothing else is to be done first.
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
  void EndAll(const std::optional<grpc::ByteBuffer>& last_message,
              const absl::Status& status);
  void Close();

  const Parts parts_;
  const Events events_;
  const std::shared_ptr<LiveFeed> feed_;
  std::unique_ptr<SessionProcess> process_;
  std::optional<SessionEnd> process_end_;
  std::vector<LiveStream> streams_;
  ipc::StreamNumber last_stream_ = 0;
  // Those who wait until the session has come to their place.
  std::vector<LiveReader*> newcomers_;
  grpc::ByteBuffer header_;

  // Whether it has sent a LiveWant that is not answered yet.
  bool asking_ = false;
  // The frame before the first that it can read.
  uint64_t start_ = 0;
  bool alone_ = false;
  bool reading_ = false;
  bool channel_closed_ = false;
  bool closed_ = false;

  // Whether it waits for the session's states.
  bool handing_over_ = false;
  std::shared_ptr<LiveSession> heir_;
  // Whether another one is about to hand over to this one.
  bool inheriting_ = false;
  asio::steady_timer patience_;
};

}  // namespace dissectd

#endif  // SERVER_LIVE_LIVE_SESSION_H_
