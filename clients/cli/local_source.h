// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_LOCAL_SOURCE_H_
#define CLIENTS_CLI_LOCAL_SOURCE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "clients/cli/exit_codes.h"
#include "clients/cli/local_file.h"
#include "clients/cli/upload.h"

namespace dissectd::cli {

// Returns the content of a capture file that a request of `request_bytes` can
// have; none if it is too large, or if its format can depend on its name, which
// a request doesn't have.
std::optional<std::string> ReadInlineCapture(const LocalFile& file,
                                             size_t request_bytes);

// Puts an open file of this machine that isn't a pipe into the request as its
// source: the file itself if it is small, so that nothing of it is left in the
// store however this program ends; otherwise that of the upload. Prints errors.
template <typename Request>
ExitCode SetLocalSource(const LocalFile& file, const std::string& path,
                        UploadedFile* upload, Request* request) {
  if (std::optional<std::string> capture =
          ReadInlineCapture(file, request->ByteSizeLong())) {
    request->set_inline_capture(*std::move(capture));
    return kExitOk;
  }
  const ExitCode code = upload->Upload(file, path);
  if (code == kExitOk) request->set_file(upload->name());
  return code;
}

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_LOCAL_SOURCE_H_
