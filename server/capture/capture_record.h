// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURE_RECORD_H_
#define SERVER_CAPTURE_CAPTURE_RECORD_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/capture.pb.h"
#include "server/capture/capture_log.h"

namespace dissectd::server {

// A capture as it outlives the daemon: a file in its folder. Calls block on the
// file system; none may run at the same time for the same capture.
struct CaptureRecord {
  v1::Capture description;
  CaptureLog log;
};

// A record as the bytes of its file.
std::string SerializeRecord(const v1::Capture& description,
                            const CaptureLog& log);

// Makes the folder of a new capture below the store's. Errors: STORE_FULL,
// STORE_READ_ONLY, FILE_SYSTEM_ERROR.
absl::Status MakeCaptureFolder(int root, const std::string& id);

// Writes the record's file, so that there is always a whole one. Errors: as
// MakeCaptureFolder.
absl::Status WriteRecord(int root, const std::string& id,
                         const std::string& bytes);

// All captures that have a record, by their ids.
std::vector<CaptureRecord> ReadRecords(int root);

// Deletes the record, and all else in the folder if asked. Errors:
// FILE_SYSTEM_ERROR.
absl::Status DeleteCaptureFolder(int root, const std::string& id,
                                 bool delete_files);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURE_RECORD_H_
