// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/files_command.h"

#include <cstdio>

#include "clients/cli/error_text.h"
#include "clients/cli/format/output_buffer.h"
#include "clients/cli/format/time_text.h"
#include "clients/cli/resource_names.h"
#include "clients/cli/upload.h"
#include "dissectd/v1/file.grpc.pb.h"

namespace dissectd::cli {
namespace {

ExitCode Result(const grpc::Status& status) {
  if (!status.ok()) PrintError(ErrorText(status));
  return ExitCodeOf(status);
}

void Print(const v1::File& file) {
  OutputBuffer line;
  line.AppendUnsigned(file.size_bytes());
  line.Append('\t');
  AppendIsoTime(file.modify_time().seconds(), file.modify_time().nanos(),
                &line);
  line.Append(file.uploaded() ? "\tu\t" : "\t-\t");
  line.Append(file.name());
  line.Append('\n');
  std::fwrite(line.view().data(), 1, line.size(), stdout);
}

}  // namespace

ExitCode RunFilesList(const std::shared_ptr<grpc::Channel>& channel,
                      const std::string& prefix) {
  const auto stub = v1::FileService::NewStub(channel);
  v1::ListFilesRequest request;
  request.set_prefix(prefix);
  do {
    grpc::ClientContext context;
    v1::ListFilesResponse response;
    const grpc::Status status = stub->ListFiles(&context, request, &response);
    if (!status.ok()) return Result(status);
    for (const v1::File& file : response.files()) Print(file);
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return kExitOk;
}

ExitCode RunFilesGet(const std::shared_ptr<grpc::Channel>& channel,
                     const std::string& name) {
  grpc::ClientContext context;
  v1::GetFileRequest request;
  request.set_name(FileResourceName(name));
  v1::GetFileResponse response;
  const grpc::Status status =
      v1::FileService::NewStub(channel)->GetFile(&context, request, &response);
  if (status.ok()) Print(response.file());
  return Result(status);
}

ExitCode RunFilesDelete(const std::shared_ptr<grpc::Channel>& channel,
                        const std::string& name) {
  grpc::ClientContext context;
  v1::DeleteFileRequest request;
  request.set_name(FileResourceName(name));
  v1::DeleteFileResponse response;
  return Result(v1::FileService::NewStub(channel)->DeleteFile(&context, request,
                                                              &response));
}

ExitCode RunFilesUpload(const std::shared_ptr<grpc::Channel>& channel,
                        const std::string& path) {
  UploadedFile upload(channel);
  const ExitCode code = upload.Upload(path);
  if (code != kExitOk) return code;
  upload.Release();
  std::printf("%s\n", upload.name().c_str());
  return kExitOk;
}

}  // namespace dissectd::cli
