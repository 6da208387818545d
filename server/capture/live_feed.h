// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_LIVE_FEED_H_
#define SERVER_CAPTURE_LIVE_FEED_H_

#include <asio/thread_pool.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ipc/protocol.h"
#include "server/capture/captures.h"
#include "server/file_store.h"
#include "server/io_loop.h"
#include "server/session_socket.h"
#include "server/unique_fd.h"

namespace dissectd {

// Tells one session what it can read of a capture, file by file. The session
// asks when it has read all that it knows of, so that nothing piles up for one
// that is slow. Used on the loop's thread only.
class LiveFeed : public std::enable_shared_from_this<LiveFeed> {
 public:
  // Not owned; outlives this.
  struct Parts {
    IoLoop* loop;
    asio::thread_pool* pool;
    const FileStore* files;
    const Captures* captures;
  };
  struct File {
    UniqueFd fd;
    // Without folders.
    std::string name;
    uint64_t first_record = 0;

    // What follows the header of a kLiveFile.
    std::string Payload() const;
  };
  using FileDone = absl::AnyInvocable<void(absl::StatusOr<File> file)>;

  // Errors: CAPTURE_NOT_FOUND.
  static absl::StatusOr<std::shared_ptr<LiveFeed>> Create(
      const Parts& parts, const std::string& capture);

  ~LiveFeed() { Close(); }

  // Frames that were captured so far.
  uint32_t frames_so_far() const;

  // Calls `done` with the first file that is there, once there is one. Errors:
  // CAPTURE_HAS_NO_FILE if the capture ends without; those of
  // FileStore::OpenFile.
  void OpenFirst(FileDone done);

  // Answers a session that sent a LiveWant as these bytes, once there is
  // something new. Calls `failed` if that fails later. `socket` outlives this,
  // or Close. Errors: SESSION_PROTOCOL_ERROR.
  absl::Status Serve(const std::string& want, SessionSocket* socket,
                     absl::AnyInvocable<void(const absl::Status&)> failed);

  // Whether a session has been told all that there is, and waits for more.
  bool IsWaiting() const { return answer_done_ != nullptr && !opening_; }

  // `done` is not called any more.
  void Close();

 private:
  // A frame for the session.
  struct Answer {
    ipc::FrameKind kind;
    std::string payload;
    UniqueFd fd;
  };
  using AnswerDone = absl::AnyInvocable<void(absl::StatusOr<Answer> answer)>;

  LiveFeed(const Parts& parts, std::shared_ptr<Capture> capture)
      : parts_(parts), capture_(std::move(capture)) {}

  // Calls `done` with an answer, once there is something new for a session that
  // has come so far. Errors: as OpenFirst.
  void Await(const ipc::LiveWant& want, AnswerDone done);

  // Does what is waited for, if it can be done now.
  void Advance();
  void OpenFile(uint64_t index);
  void OnOpened(uint64_t index, absl::StatusOr<UniqueFd> fd);
  const v1::CaptureFile* FileAt(uint64_t index) const;
  // The index after the last file.
  uint64_t EndOfFiles() const;

  const Parts parts_;
  const std::shared_ptr<Capture> capture_;
  uint64_t subscription_ = 0;
  // The file that the session reads; the first that it is to read, before.
  uint64_t index_ = 0;
  // The index after the last file that a ring had deleted when it was to be
  // opened.
  uint64_t gone_ = 0;
  bool opening_ = false;
  // One of them at most.
  FileDone file_done_;
  AnswerDone answer_done_;
  ipc::LiveWant want_ = {};
};

}  // namespace dissectd

#endif  // SERVER_CAPTURE_LIVE_FEED_H_
