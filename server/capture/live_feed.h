// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_LIVE_FEED_H_
#define SERVER_CAPTURE_LIVE_FEED_H_

#include <asio/thread_pool.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ipc/protocol.h"
#include "server/base/io_loop.h"
#include "server/base/unique_fd.h"
#include "server/capture/capture.h"
#include "server/capture/capture_finder.h"
#include "server/engine/worker.h"
#include "server/store/file_store.h"

namespace dissectd::server {

// Tells a worker how far it can read a capture, file by file. The worker asks
// when it has read everything, so nothing queues up for a slow one. Used on the
// loop's thread only.
class LiveFeed final : public CaptureFollower,
                       public std::enable_shared_from_this<LiveFeed> {
 public:
  // Not owned; outlives this.
  struct Deps {
    IoLoop* loop;
    asio::thread_pool* pool;
    const FileStore* files;
    const CaptureFinder* captures;
  };
  struct File {
    UniqueFd fd;
    // The name without folders.
    std::string name;
    uint64_t first_record = 0;

    // Returns the payload of a kLiveFile.
    std::string Payload() const;
  };
  using FileDone = absl::AnyInvocable<void(absl::StatusOr<File> file)>;
  // A file that stays open.
  struct KeptFile {
    uint64_t index;
    std::string name;
    uint64_t first_record;
    std::shared_ptr<const UniqueFd> fd;
  };
  // The limit of files that KeepFiles keeps open. A worker can get all of them
  // in one message.
  static constexpr size_t kMaxKeptFiles = 64;

  // Errors: CAPTURE_NOT_FOUND.
  static absl::StatusOr<std::shared_ptr<LiveFeed>> Create(
      const Deps& deps, const std::string& capture);

  ~LiveFeed() override { Close(); }

  // Keeps the files of the capture open, so that the same records can be read
  // again when a ring has deleted files. Before OpenFirst.
  void KeepFiles();
  // Whether all files so far are kept.
  bool has_kept_all() const { return kept_ != nullptr && kept_->all; }
  // Whether a worker that begins now may open all of them: one that has several
  // files opens the further ones in the folder of the capture.
  bool may_open_kept() const;
  // The files so far, from the first one on. Only if they are kept.
  const std::vector<KeptFile>& kept_files() const { return kept_->files; }
  // Returns a feed that begins again. Both feeds give the same files as long as
  // all are kept, whichever of them opens a file first. Only if files are kept.
  std::shared_ptr<LiveFeed> Again() const;

  // The number of frames that were captured so far.
  uint32_t frames_so_far() const;
  // Whether the capture has ended.
  bool has_ended() const { return capture_->has_ended(); }

  // Calls `done` with the first file that exists, once there is one. Errors:
  // CAPTURE_HAS_NO_FILE if the capture ends without a file; those of
  // FileStore::OpenFile.
  void OpenFirst(FileDone done);

  // Processes a worker's ReadRequest. Errors: WORKER_PROTOCOL_ERROR.
  absl::Status TakeRequest(const std::string& bytes);

  // Answers the worker's request once there is something new, then calls
  // `done`. `worker` outlives this or Close. Errors: those of OpenFirst.
  void Answer(Worker* worker,
              absl::AnyInvocable<void(const absl::Status&)> done);

  // Whether the worker knows everything that was captured, and waits for more.
  bool IsWaiting() const { return reply_done_ != nullptr && !opening_; }

  // Whether the next file is being opened, which can't be undone.
  bool is_opening() const { return opening_; }

  // Withdraws the last Answer.
  void TakeBack() { reply_done_ = nullptr; }

  // From now on lets the worker read only up to this frame, so that it asks
  // again there. 0 means no limit.
  void StopAt(uint64_t frame) { stop_at_ = frame; }

  // The last frame that the worker had read when it last asked; UINT64_MAX if
  // unknown because frames were lost on a full disk.
  uint64_t position() const override {
    return want_.records == UINT64_MAX ? UINT64_MAX
                                       : first_record_ - 1 + want_.records;
  }

  // The last frame that the worker may have read since; UINT64_MAX if unknown.
  uint64_t granted() const { return granted_; }

  // Whether the worker of the other feed has read and missed the same frames.
  bool IsAtSamePlaceAs(const LiveFeed& other) const;

  // Calls no callback any more.
  void Close();

 private:
  // A message to the worker.
  struct Reply {
    ipc::MessageType type;
    std::string payload;
    UniqueFd fd;
  };
  using ReplyDone = absl::AnyInvocable<void(absl::StatusOr<Reply> reply)>;

  // The files that feeds of the same records have opened.
  struct KeptFiles {
    std::vector<KeptFile> files;
    bool all = true;
  };

  LiveFeed(const Deps& deps, std::shared_ptr<Capture> capture)
      : deps_(deps), capture_(std::move(capture)) {}

  static std::shared_ptr<LiveFeed> Subscribe(const Deps& deps,
                                             std::shared_ptr<Capture> capture);

  // Opens the file or sends the answer that is awaited, if possible now.
  void Advance();
  // Limits what the worker may read to StopAt's frame.
  void KeepToStop(ipc::LiveState* state) const;
  void OpenFile(uint64_t index);
  void OnOpened(uint64_t index, absl::StatusOr<UniqueFd> fd);
  // Whether a kept file is the next one.
  bool HasKeptFile() const {
    return kept_ != nullptr && next_kept_ < kept_->files.size();
  }
  void GiveKeptFile();
  void Keep(uint64_t index, const File& file);
  // Gives the file that is the next one.
  void Give(uint64_t index, File file);
  void FailIfLeft();
  void Fail(const absl::Status& status);
  const v1::CaptureFile* FileAt(uint64_t index) const;
  // Files are counted from the first that was opened. The index of the first
  // one that exists, and the index after the last one.
  uint64_t FirstFile() const;
  uint64_t EndOfFiles() const;

  const Deps deps_;
  const std::shared_ptr<Capture> capture_;
  uint64_t subscription_ = 0;
  // The file that the worker reads, or that it will read first.
  uint64_t index_ = 0;
  // The index after the last file that a ring had deleted before it could be
  // opened.
  uint64_t gone_ = 0;
  bool opening_ = false;
  // The number of the first record of the file that the worker reads.
  uint64_t first_record_ = 1;
  // The first records of files that came after missing ones.
  std::vector<uint64_t> gaps_;
  // Null unless files are kept.
  std::shared_ptr<KeptFiles> kept_;
  // The index in the kept files of the next one.
  size_t next_kept_ = 0;
  uint64_t stop_at_ = 0;
  uint64_t granted_ = 0;
  // At most one of these is set.
  FileDone file_done_;
  ReplyDone reply_done_;
  ipc::ReadRequest want_ = {};
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_LIVE_FEED_H_
