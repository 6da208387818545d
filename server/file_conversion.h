// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FILE_CONVERSION_H_
#define SERVER_FILE_CONVERSION_H_

#include "dissectd/v1/file.pb.h"
#include "server/file_store.h"
#include "server/upload_store.h"

namespace dissectd {

void ToProto(const FileStore::FileInfo& info, v1::File* file);
void ToProto(const UploadStore::Info& info, v1::Upload* upload);

}  // namespace dissectd

#endif  // SERVER_FILE_CONVERSION_H_
