// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_CAPTURE_FILE_H_
#define CORE_EPAN_CAPTURE_FILE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/epan/handles.h"
#include "core/epan/wtap_error.h"

namespace dissectd::engine {

// What becomes of a file without a byte, which wiretap may take for a capture.
enum class EmptyFile { kRefuse, kAllow };

// A capture that is open for reading. Worker process only.
class CaptureFile {
 public:
  // Opens what `fd` refers to: a regular file or a memfd. wiretap recognises
  // some formats by the extension of `name`, the file's name without folders.
  // `random_access` allows SeekRead. `fd` stays the caller's, and open.
  //
  // Errors: FAILED_PRECONDITION with FILE_EMPTY or a reason of WtapErrorReason.
  static absl::StatusOr<CaptureFile> Open(int fd, const std::string& name,
                                          bool random_access,
                                          EmptyFile empty = EmptyFile::kRefuse);

  // Reads the next record. Returns false at the end and on an error, which
  // error() then has.
  bool Read(Record* record, int64_t* offset);

  // Has Read go on after the end, of a file that has become longer.
  void ClearEndOfFile();

  // Reads the record at `offset`, which Read gave. Returns false on an error.
  bool SeekRead(int64_t offset, Record* record);

  // Gives SeekRead a position of its own, after a fork: the processes would
  // move each other's. Errors: INTERNAL.
  absl::Status ReopenAfterFork();

  // Frees what reading in order needed.
  void CloseSequential();

  // Notes an error of reading that another process had.
  void SetReadError(int code, const std::string& info);

  // The error that ended reading, or none at the end of the file.
  const std::optional<WtapError>& error() const { return error_; }

  // The file's name without folders, for messages.
  const std::string& name() const { return name_; }

  wtap* handle() const { return wtap_.get(); }

  // Position and size in bytes as stored.
  int64_t BytesRead() const;
  int64_t Size() const;

 private:
  CaptureFile(WtapPtr wtap, std::string name, std::string path)
      : wtap_(std::move(wtap)),
        name_(std::move(name)),
        path_(std::move(path)) {}

  void SetError(int code, char* info);

  WtapPtr wtap_;
  std::string name_;
  // Of the open file.
  std::string path_;
  std::optional<WtapError> error_;
  // Set once the sequential side is closed.
  std::optional<int64_t> bytes_read_;
};

}  // namespace dissectd::engine

#endif  // CORE_EPAN_CAPTURE_FILE_H_
