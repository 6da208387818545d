// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capture_download.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/capture_files.h"
#include "clients/cli/error_text.h"
#include "clients/cli/status_macros.h"
#include "dissectd/v1/capture.grpc.pb.h"

namespace dissectd::cli {
namespace {

// dumpcap, too, creates files that only its user can read.
mode_t ModeOf(bool group_access) {
  return group_access ? S_IRUSR | S_IWUSR | S_IRGRP : S_IRUSR | S_IWUSR;
}

absl::Status StatusOf(const grpc::Status& status) {
  return status.ok() ? absl::OkStatus()
                     : absl::UnavailableError(ErrorText(status));
}

}  // namespace

CaptureDownload::CaptureDownload(const std::shared_ptr<grpc::Channel>& channel,
                                 std::string path, bool group_access)
    : channel_(channel),
      stub_(v1::FileService::NewStub(channel)),
      path_(std::move(path)),
      mode_(ModeOf(group_access)),
      output_(path_, mode_) {}

absl::Status CaptureDownload::Open() {
  const int error = output_.TryOpen();
  return error == 0 ? absl::OkStatus() : OpenFailure(error);
}

absl::Status CaptureDownload::CheckFolder() const {
  const std::string folder = Folder();
  const char* const path = folder.empty() ? "." : folder.c_str();
  return access(path, W_OK | X_OK) == 0 ? absl::OkStatus() : OpenFailure(errno);
}

std::string CaptureDownload::Folder() const {
  return path_.substr(0, path_.rfind('/') + 1);
}

absl::Status CaptureDownload::OpenFailure(int error) const {
  return absl::FailedPreconditionError(
      absl::StrCat("The file to which the capture would be saved (\"", path_,
                   "\") could not be opened: ", std::strerror(error), "."));
}

absl::Status CaptureDownload::CopyNewBytes(const std::string& file,
                                           CaptureOutput* output) {
  grpc::ClientContext context;
  v1::ReadFileRequest request;
  request.set_name(file);
  request.set_offset(copied_);
  const auto reader = stub_->ReadFile(&context, request);
  v1::ReadFileResponse response;
  while (reader->Read(&response)) {
    const absl::Status status = output->Write(response.data());
    if (!status.ok()) {
      context.TryCancel();
      reader->Finish().ok();
      return status;
    }
    copied_ += response.data().size();
  }
  return StatusOf(reader->Finish());
}

absl::Status CaptureDownload::Follow(const std::string& capture) {
  grpc::ClientContext context;
  v1::WatchCaptureRequest request;
  request.set_name(capture);
  const auto reader =
      v1::CaptureService::NewStub(channel_)->WatchCapture(&context, request);
  v1::WatchCaptureResponse response;
  std::string file;
  while (reader->Read(&response)) {
    const v1::CaptureEvent& event = response.event();
    if (event.has_file_opened()) file = event.file_opened().file();
    if (file.empty() || !(event.has_packets_written() || event.has_stopped())) {
      continue;
    }
    const absl::Status status = CopyNewBytes(file, &output_);
    if (!status.ok()) {
      context.TryCancel();
      reader->Finish().ok();
      return status;
    }
  }
  RETURN_IF_ERROR(StatusOf(reader->Finish()));
  return file.empty() ? absl::OkStatus() : output_.Close();
}

absl::Status CaptureDownload::CopyFile(const std::string& file) {
  CaptureOutput output(absl::StrCat(Folder(), file.substr(file.rfind('/') + 1)),
                       mode_);
  RETURN_IF_ERROR(output.Open());
  copied_ = 0;
  RETURN_IF_ERROR(CopyNewBytes(file, &output));
  return output.Close();
}

absl::Status CaptureDownload::CopyAll(const std::string& capture) {
  absl::Status result;
  const grpc::Status status = ForEachCaptureFile(
      channel_, capture, [this, &result](const v1::CaptureFile& file) {
        if (result.ok()) result = CopyFile(file.file());
      });
  return status.ok() ? result : StatusOf(status);
}

}  // namespace dissectd::cli
