// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_JOURNAL_FILE_H_
#define SERVER_CAPTURE_JOURNAL_FILE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/unique_fd.h"
#include "server/capture/capture_journal.h"

namespace dissectd::server {

// Reads the journal of a capture by its id; absent if there is none for it, or
// none that can be read, which is logged. `root` is the folder of the store.
// Blocks on the file system.
std::optional<CaptureJournal> ReadJournal(int root, const std::string& id);

// The file of a capture's journal, in the capture's folder. Calls block on the
// file system. Thread-compatible.
class JournalFile {
 public:
  // The size beyond which a journal is compacted, if that makes it smaller.
  static constexpr size_t kMaxSize = 1 << 20;

  // Creates the file with these contents, or replaces it atomically. Errors:
  // STORE_FULL, STORE_READ_ONLY, FILE_SYSTEM_ERROR.
  static absl::StatusOr<JournalFile> Create(int root, const std::string& id,
                                            absl::string_view contents);

  // Opens a file that ReadJournal has read, to continue after its first `size`
  // bytes. Errors: as Create.
  static absl::StatusOr<JournalFile> Open(int root, const std::string& id,
                                          size_t size);

  // Appends entries; if `sync`, they survive a crash of the machine. After an
  // error, the file is unchanged. Compacts the journal if it has grown. Errors:
  // as Create.
  absl::Status Append(absl::string_view entries, bool sync);

  // Replaces the journal by an equivalent one with fewer entries. Errors: as
  // Create; the journal is then unchanged.
  absl::Status Compact();

  size_t size() const { return size_; }

 private:
  JournalFile(UniqueFd folder, UniqueFd file, size_t size)
      : folder_(std::move(folder)), file_(std::move(file)), size_(size) {}

  UniqueFd folder_;
  UniqueFd file_;
  // The length of the intact part.
  size_t size_;
  size_t max_size_ = kMaxSize;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_JOURNAL_FILE_H_
