// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/file_conversion.h"

#include "server/base/resource_names.h"

namespace dissectd::server {

void ToProto(const FileStore::FileInfo& info, v1::File* file) {
  file->set_name(FileName(info.path));
  file->set_size_bytes(info.size_bytes);
  file->mutable_modify_time()->set_seconds(info.modify_time.tv_sec);
  file->mutable_modify_time()->set_nanos(
      static_cast<int32_t>(info.modify_time.tv_nsec));
  file->set_deletable(info.deletable);
}

void ToProto(const UploadStore::Info& info, v1::Upload* upload) {
  upload->set_name(UploadName(info.id));
  upload->set_committed_bytes(info.committed_bytes);
  if (!info.path.empty()) upload->set_file(FileName(info.path));
}

}  // namespace dissectd::server
