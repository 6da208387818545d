// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_SOURCE_H_
#define SERVER_CAPTURE_SOURCE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/file_store.h"
#include "server/unique_fd.h"

namespace dissectd {

// A capture file that a session is to read.
struct CaptureSource {
  UniqueFd file;
  // Without folders; may be empty.
  std::string name;
};

// Opens a file of the store by its resource name. May block on the file system.
// Errors: those of ParseFileName and FileStore::OpenFile.
absl::StatusOr<CaptureSource> OpenStoredCapture(const FileStore& files,
                                                absl::string_view name);

// Holds the bytes of a request. Errors: RESOURCE_EXHAUSTED
// (INLINE_CAPTURE_TOO_LARGE), those of MemoryFileWith.
absl::StatusOr<CaptureSource> HoldInlineCapture(absl::string_view bytes);

}  // namespace dissectd

#endif  // SERVER_CAPTURE_SOURCE_H_
