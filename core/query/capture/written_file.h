// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_CAPTURE_WRITTEN_FILE_H_
#define CORE_QUERY_CAPTURE_WRITTEN_FILE_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/query/query.h"

namespace dissectd::engine {

// Lets this process write the context's output. Call it before a capture is
// opened.
void AllowOutput(const QueryContext& context);

// Facts about the contents of a file.
struct FileFacts {
  uint64_t size_bytes = 0;
  std::string sha256;
};

using TakeChunk = absl::FunctionRef<absl::Status(absl::string_view chunk)>;

// Reads an open file from its beginning, and calls `take_chunk` with each part
// of its contents. Errors: those of `take_chunk`, and of reading.
absl::StatusOr<FileFacts> ReadWrittenFile(int fd, TakeChunk take_chunk);

// Writes at the position of an open file. Errors: RESOURCE_EXHAUSTED
// (STORE_FULL), and others of writing.
absl::Status AppendBytes(int fd, absl::string_view bytes);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_CAPTURE_WRITTEN_FILE_H_
