// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_FILE_CONVERSION_H_
#define SERVER_STORE_FILE_CONVERSION_H_

#include "dissectd/v1/file.pb.h"
#include "server/store/file_store.h"
#include "server/store/upload_store.h"

namespace dissectd::server {

void ToProto(const FileStore::FileInfo& info, v1::File* file);
void ToProto(const UploadStore::Info& info, v1::Upload* upload);

}  // namespace dissectd::server

#endif  // SERVER_STORE_FILE_CONVERSION_H_
