// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURE_DOWNLOAD_H_
#define CLIENTS_CLI_CAPTURE_DOWNLOAD_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "clients/cli/capture_output.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// Copies the file of a capture to this machine while it grows, or all of its
// files at the end.
//
// Thread-compatible.
class CaptureDownload {
 public:
  // `path` is that of the file on this machine; `-` is standard output.
  // `group_access` lets the group of the user read the file.
  CaptureDownload(const std::shared_ptr<grpc::Channel>& channel,
                  std::string path, bool group_access);

  // Creates the file. Returns FAILED_PRECONDITION with tshark's message if that
  // fails.
  absl::Status Open();

  // Checks instead that files can be created in the folder, for CopyAll.
  absl::Status CheckFolder() const;

  // Copies what is captured, until the capture has ended. `capture` is its
  // resource name. Returns the first error.
  absl::Status Follow(const std::string& capture);

  // Copies all files of an ended capture, with their names, to the folder of
  // the path. Call this instead of Open and Follow if there can be many.
  absl::Status CopyAll(const std::string& capture);

 private:
  // Copies the bytes of a file of the store that haven't been copied yet.
  absl::Status CopyNewBytes(const std::string& file, CaptureOutput* output);
  // Copies one of many files.
  absl::Status CopyFile(const std::string& file);

  // Returns the folder of the path, with a slash in the end; empty for the
  // current one.
  std::string Folder() const;
  absl::Status OpenFailure(int error) const;

  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::FileService::Stub> stub_;
  const std::string path_;
  const mode_t mode_;
  CaptureOutput output_;
  // The number of bytes of the current file that have been copied.
  uint64_t copied_ = 0;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURE_DOWNLOAD_H_
