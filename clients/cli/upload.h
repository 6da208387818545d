// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_UPLOAD_H_
#define CLIENTS_CLI_UPLOAD_H_

#include <atomic>
#include <memory>
#include <string>

#include "clients/cli/exit_codes.h"
#include "clients/cli/interruption.h"
#include "clients/cli/local_file.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// A file of this machine that is uploaded to the daemon's store. On
// destruction, or when the command is interrupted, it is deleted there, unless
// it is released, or large: the daemon keeps large files for a day, so that the
// next command needn't send them again.
//
// Thread-compatible.
class UploadedFile {
 public:
  explicit UploadedFile(const std::shared_ptr<grpc::Channel>& channel);
  ~UploadedFile();
  UploadedFile(const UploadedFile&) = delete;
  UploadedFile& operator=(const UploadedFile&) = delete;

  // Opens and uploads a file; `-` is standard input. Reads a pipe to its end
  // first. Prints errors.
  ExitCode Upload(const std::string& path);

  // Uploads an open file that isn't a pipe. Resumes broken calls at the offset
  // that the daemon reports. Prints errors.
  ExitCode Upload(const LocalFile& file, const std::string& path);

  // Uploads a file as Upload(path) does, and keeps it in the store.
  ExitCode UploadToKeep(const std::string& path);

  // Returns the resource name after Upload succeeded.
  const std::string& name() const { return name_; }

 private:
  // Deletes the file in the store if it is not to stay. Prints errors.
  void Delete();
  // Sends the bytes of the file from the upload's committed size on, in one
  // call.
  grpc::Status Write(const LocalFile& file, v1::Upload* upload);
  // Sends the whole file in as many calls as it needs.
  grpc::Status WriteAll(const LocalFile& file, v1::Upload* upload);
  // Uploads an open file, unless the daemon has one with this hash, which may
  // be empty. Prints errors.
  ExitCode Send(const LocalFile& file, const std::string& path,
                const std::string& sha256);

  const std::unique_ptr<v1::FileService::Stub> stub_;
  std::string name_;
  std::atomic<bool> owned_{false};
  // The command may be blocked by the reader of its output.
  const OnInterrupt on_interrupt_{[this] { Delete(); }};
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_UPLOAD_H_
