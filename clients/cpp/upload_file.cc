// SPDX-License-Identifier: Apache-2.0

#include "clients/cpp/upload_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "clients/cpp/call.h"
#include "dissectd/v1/file.grpc.pb.h"

namespace dissectd {
namespace {

using v1::FileService;

// The largest chunk that the daemon takes.
constexpr size_t kChunkBytes = 1 << 20;

}  // namespace

absl::StatusOr<std::string> UploadFile(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(
        absl::StrCat("Can't read \"", path, "\": ", std::strerror(errno)));
  }
  v1::CreateUploadRequest create;
  create.set_file_name(path.substr(path.find_last_of('/') + 1));
  const auto created =
      Call<FileService>(channel, &FileService::Stub::CreateUpload, create);
  if (!created.ok()) return created.status();
  v1::Upload upload = created->upload();
  while (upload.file().empty()) {
    v1::AppendUploadRequest chunk;
    chunk.set_name(upload.name());
    chunk.set_offset(upload.committed_bytes());
    chunk.mutable_data()->resize(kChunkBytes);
    file.read(chunk.mutable_data()->data(), kChunkBytes);
    chunk.mutable_data()->resize(static_cast<size_t>(file.gcount()));
    if (file.bad()) {
      return absl::DataLossError(absl::StrCat("Can't read \"", path, "\""));
    }
    chunk.set_finish(file.eof());
    const auto appended =
        Call<FileService>(channel, &FileService::Stub::AppendUpload, chunk);
    if (!appended.ok()) return appended.status();
    upload = appended->upload();
  }
  return upload.file();
}

}  // namespace dissectd
