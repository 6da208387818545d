// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_JOURNAL_WRITER_H_
#define SERVER_CAPTURE_JOURNAL_WRITER_H_

#include <asio/strand.hpp>
#include <asio/thread_pool.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "server/base/io_loop.h"
#include "server/base/timer.h"
#include "server/capture/capture_history.h"
#include "server/capture/journal_file.h"

namespace dissectd::server {

// Writes the journal of a capture. Each event is appended in the background;
// events that happen while the disk is busy are written together. If the
// journal can't be written, it tries again every ten seconds with all missing
// events. Used on the loop's thread only.
class JournalWriter : public std::enable_shared_from_this<JournalWriter> {
 public:
  // Runs tasks that block on the file system, one after the other.
  using Disk = asio::strand<asio::thread_pool::executor_type>;

  struct Deps {
    // Not owned; outlives this.
    IoLoop* loop;
    Disk disk;
    // The folder of the store.
    int root;
    // Called with the error when the journal can't be written, once until it
    // can be written again.
    absl::AnyInvocable<void(const absl::Status& error)> on_error;
    // Called when is_done() becomes true.
    absl::AnyInvocable<void()> on_done;
  };

  // For the capture with this id, whose history is not owned; Close before that
  // is destroyed.
  JournalWriter(std::string id, const CaptureHistory* history, Deps deps);

  // Creates the journal, and calls `done` once it exists. Errors: those of
  // JournalFile::Create.
  void Create(absl::AnyInvocable<void(const absl::Status&)> done);

  // Continues a journal of this size, which contains the first `sequence`
  // events.
  void Resume(size_t size, uint64_t sequence);

  // Appends new events. Must be called after each event.
  void Advance();

  // Whether nobody needs to wait for the journal: it has all events, or can't
  // be written now. So a daemon ends although the disk is full.
  bool is_done() const;

  // Whether the journal has all events.
  bool is_written() const;

  // Drops the reference to the history.
  void Close();

 private:
  // The journal's file, used by the tasks of the disk.
  struct File {
    std::optional<JournalFile> journal;
  };

  void OnWritten(const absl::Status& status, uint64_t sequence);
  // Closes the file of a capture that has ended, and whose events are written.
  void CloseFile();
  void AwaitRetry();

  const std::string id_;
  const CaptureHistory* history_;
  Deps deps_;
  Timer retry_timer_;
  const std::shared_ptr<File> file_ = std::make_shared<File>();
  // Whether the journal exists.
  bool created_ = false;
  bool writing_ = false;
  bool file_closed_ = false;
  // Whether writing has failed and will be tried again.
  bool failing_ = false;
  bool error_reported_ = false;
  // The last event that is in the journal.
  uint64_t sequence_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_JOURNAL_WRITER_H_
