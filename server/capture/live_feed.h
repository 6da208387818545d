// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_LIVE_FEED_H_
#define SERVER_CAPTURE_LIVE_FEED_H_

#include <asio/thread_pool.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ipc/protocol.h"
#include "server/base/io_loop.h"
#include "server/base/unique_fd.h"
#include "server/capture/captures.h"
#include "server/engine/worker.h"
#include "server/store/file_store.h"

namespace dissectd::server {

// Tells one worker what it can read of a capture, file by file. The worker
// asks when it has read all that it knows of, so that nothing piles up for one
// that is slow. Used on the loop's thread only.
class LiveFeed : public std::enable_shared_from_this<LiveFeed> {
 public:
  // Not owned; outlives this.
  struct Deps {
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
      const Deps& deps, const std::string& capture);

  ~LiveFeed() { Close(); }

  // Frames that were captured so far.
  uint32_t frames_so_far() const;

  // Calls `done` with the first file that is there, once there is one. Errors:
  // CAPTURE_HAS_NO_FILE if the capture ends without; those of
  // FileStore::OpenFile.
  void OpenFirst(FileDone done);

  // Notes what a worker wants that sent a ReadRequest as these bytes. Errors:
  // WORKER_PROTOCOL_ERROR.
  absl::Status TakeWant(const std::string& bytes);

  // Answers that worker, once there is something new, and calls `done` then.
  // `worker` outlives this, or Close. Errors: as OpenFirst.
  void Answer(Worker* worker,
              absl::AnyInvocable<void(const absl::Status&)> done);

  // Whether a worker has been told all that there is, and waits for more.
  bool IsWaiting() const { return reply_done_ != nullptr && !opening_; }

  // Whether the next file is being opened, which can't be taken back.
  bool is_opening() const { return opening_; }

  // Does not Answer until that is called again.
  void TakeBack() { reply_done_ = nullptr; }

  // From now on has the worker ask again at this frame, if it comes to it. 0:
  // there is no such frame.
  void StopAt(uint64_t frame) { stop_at_ = frame; }

  // The last frame that the worker had read when it asked last; UINT64_MAX if
  // a full disk has taken frames, so that nobody knows.
  uint64_t position() const {
    return want_.records == UINT64_MAX ? UINT64_MAX
                                       : first_record_ - 1 + want_.records;
  }

  // The last frame that it may have read meanwhile; UINT64_MAX if nobody knows.
  uint64_t granted() const { return granted_; }

  // Whether the worker of the other feed has read the same, and missed the
  // same.
  bool IsAtSamePlaceAs(const LiveFeed& other) const;

  // `done` is not called any more.
  void Close();

 private:
  // A frame for the worker.
  struct Reply {
    ipc::MessageType kind;
    std::string payload;
    UniqueFd fd;
  };
  using ReplyDone = absl::AnyInvocable<void(absl::StatusOr<Reply> reply)>;

  LiveFeed(const Deps& deps, std::shared_ptr<Capture> capture)
      : deps_(deps), capture_(std::move(capture)) {}

  // Does what is waited for, if it can be done now.
  void Advance();
  // Has the worker read no further than is wanted of it.
  void KeepToStop(ipc::LiveState* state) const;
  void OpenFile(uint64_t index);
  void OnOpened(uint64_t index, absl::StatusOr<UniqueFd> fd);
  const v1::CaptureFile* FileAt(uint64_t index) const;
  // The index after the last file.
  uint64_t EndOfFiles() const;

  const Deps deps_;
  const std::shared_ptr<Capture> capture_;
  uint64_t subscription_ = 0;
  // The file that the worker reads; the first that it is to read, before.
  uint64_t index_ = 0;
  // The index after the last file that a ring had deleted when it was to be
  // opened.
  uint64_t gone_ = 0;
  bool opening_ = false;
  // Of the file that the worker reads.
  uint64_t first_record_ = 1;
  // The first records of files before which others were missing.
  std::vector<uint64_t> gaps_;
  uint64_t stop_at_ = 0;
  uint64_t granted_ = 0;
  // One of them at most.
  FileDone file_done_;
  ReplyDone reply_done_;
  ipc::ReadRequest want_ = {};
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_LIVE_FEED_H_
