// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_CAPTURE_FILE_H_
#define CORE_EPAN_CAPTURE_FILE_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/epan/handles.h"
#include "core/epan/wtap_error.h"

namespace dissectd::engine {

// How to treat an empty file, which wiretap may take for a capture.
enum class EmptyFile { kRefuse, kAllow };

// A capture that is open for reading. Worker process only.
class CaptureFile {
 public:
  // Opens a regular file, a memfd or a pipe, whose descriptor the caller keeps.
  // wiretap recognises some formats by the extension of `name`, the file's name
  // without folders; `read_format` names the reader to use instead
  // (ReadFormatNumber). `random_access` allows SeekRead; a pipe has none.
  //
  // Errors: FAILED_PRECONDITION with FILE_EMPTY or a reason of WtapErrorReason;
  // those of ReadFormatNumber.
  static absl::StatusOr<CaptureFile> Open(int fd, const std::string& name,
                                          bool random_access,
                                          EmptyFile empty = EmptyFile::kRefuse,
                                          const std::string& read_format = "");

  // Reads the next record. Returns false at the end and on an error, which
  // error() then has.
  bool Read(Record* record, int64_t* offset);

  // Returns whether the file is a pipe that is empty at the moment, though its
  // writer may add to it. Read may then wait.
  bool IsPipeEmpty() const;

  // Lets Read continue after the end, if the file has grown.
  void ClearEndOfFile();

  // Reads the record at `offset`, which Read returned. Returns false on an
  // error.
  bool SeekRead(int64_t offset, Record* record);

  // Remembers the positions in the file for a fork. Called before this process
  // forks; it may read on at once.
  void PrepareFork();
  // Gives a fork positions of its own, those that PrepareFork remembered,
  // before it reads. Errors: INTERNAL.
  absl::Status ReopenAfterFork();

  // Frees the state for reading in order, and closes its descriptor.
  void CloseSequential();

  // Sets an error of reading that occurred in another process.
  void SetReadError(int code, const std::string& info);

  // The error that ended reading, or none at the end of the file.
  const std::optional<WtapError>& error() const { return error_; }

  // The file's name without folders, for messages.
  const std::string& name() const { return name_; }

  wtap* handle() const { return wtap_.get(); }

  // Position and size of the stored file, in bytes.
  int64_t BytesRead() const;
  int64_t Size() const;

 private:
  // An open descriptor of the file, and its position in the file when
  // PrepareFork was called.
  struct Descriptor {
    int fd;
    off_t position;
  };

  CaptureFile(WtapPtr wtap, std::string name,
              std::vector<Descriptor> descriptors, int pipe)
      : wtap_(std::move(wtap)),
        name_(std::move(name)),
        descriptors_(std::move(descriptors)),
        pipe_(pipe) {}

  // Whether the file is shorter than what was read of it.
  bool HasShrunk() const;
  void SetError(int code, char* info);

  WtapPtr wtap_;
  std::string name_;
  // The descriptors that wiretap has open.
  std::vector<Descriptor> descriptors_;
  // The caller's descriptor if the file is a pipe, else -1.
  int pipe_;
  std::optional<WtapError> error_;
  // Set once the sequential side is closed.
  std::optional<int64_t> bytes_read_;
};

}  // namespace dissectd::engine

#endif  // CORE_EPAN_CAPTURE_FILE_H_
