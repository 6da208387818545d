// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_UPLOAD_H_
#define CLIENTS_CLI_UPLOAD_H_

#include <memory>
#include <string>

#include "clients/cli/exit_codes.h"
#include "clients/cli/local_file.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// A file of this machine that is uploaded to the daemon's store and deleted
// there on destruction, unless it is released.
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

  // Returns the resource name after Upload succeeded.
  const std::string& name() const { return name_; }

  // Keeps the file in the store.
  void Release() { owned_ = false; }

 private:
  // Sends the bytes of the file from the upload's committed size on, in one
  // call.
  grpc::Status Write(const LocalFile& file, v1::Upload* upload);

  const std::unique_ptr<v1::FileService::Stub> stub_;
  std::string name_;
  bool owned_ = false;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_UPLOAD_H_
