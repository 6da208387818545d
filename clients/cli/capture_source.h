// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURE_SOURCE_H_
#define CLIENTS_CLI_CAPTURE_SOURCE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "clients/cli/capture_exit_code.h"
#include "clients/cli/error_text.h"
#include "clients/cli/exit_codes.h"
#include "clients/cli/local_file.h"
#include "clients/cli/stored_file.h"
#include "clients/cli/upload.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Returns the content of a capture file that a request of `request_bytes` can
// have; none if it is too large, or if its format can depend on its name, which
// a request doesn't have.
std::optional<std::string> ReadInlineCapture(const LocalFile& file,
                                             size_t request_bytes);

// Puts an open file of this machine that isn't a pipe into the request as its
// source: the file itself if it is small, so that nothing of it is left in the
// store however this program ends; otherwise the uploaded file. Prints errors.
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

// Puts a capture into the request as its source, and calls `call`, whose status
// `status` gets: a file of this machine if `is_local`, otherwise one of the
// store. `call` can be called twice, for a file with a short name. Returns
// another code than kExitOk, after printing why, if the file can't be used.
template <typename Request>
ExitCode CallOnCapture(const std::shared_ptr<grpc::Channel>& channel,
                       const std::string& path, bool is_local, Request* request,
                       const std::function<grpc::Status()>& call,
                       grpc::Status* status) {
  if (!is_local) {
    *status = CallOnStoredFile(channel, path, LocalFiles::kWithOption,
                               ShortNames::kFind, [&](const std::string& name) {
                                 request->set_file(name);
                                 return call();
                               });
    return kExitOk;
  }
  const absl::StatusOr<LocalFile> file = OpenWholeFile(path);
  if (!file.ok()) {
    PrintError(file.status().message());
    return UnreadableCaptureExitCode(channel);
  }
  UploadedFile upload(channel);
  const ExitCode code = SetLocalSource(*file, path, &upload, request);
  if (code == kExitOk) *status = call();
  return code;
}

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURE_SOURCE_H_
