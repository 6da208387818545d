// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/files_command.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "absl/strings/str_cat.h"
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
  line.Append(file.deletable() ? "\tu\t" : "\t-\t");
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

ExitCode RunFilesDownload(const std::shared_ptr<grpc::Channel>& channel,
                          const std::string& name) {
  // A closed pipe is an error of the write.
  std::signal(SIGPIPE, SIG_IGN);
  grpc::ClientContext context;
  v1::ReadFileRequest request;
  request.set_name(FileResourceName(name));
  const auto reader =
      v1::FileService::NewStub(channel)->ReadFile(&context, request);
  v1::ReadFileResponse chunk;
  while (reader->Read(&chunk)) {
    const std::string& data = chunk.data();
    if (std::fwrite(data.data(), 1, data.size(), stdout) == data.size()) {
      continue;
    }
    PrintError(
        absl::StrCat("Can't write to standard output: ", std::strerror(errno)));
    context.TryCancel();
    reader->Finish();
    return kExitOutput;
  }
  return Result(reader->Finish());
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
