// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FILE_FILE_READ_CALL_H_
#define SERVER_FILE_FILE_READ_CALL_H_

#include <grpcpp/support/server_callback.h>

#include <asio/thread_pool.hpp>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "dissectd/v1/file.pb.h"
#include "server/base/unique_fd.h"
#include "server/rpc/call_tracker.h"
#include "server/store/file_store.h"

namespace dissectd::server {

// One call of FileService.ReadFile. Reads on the pool, and a chunk only once
// the client has taken the one before. Deletes itself.
class FileReadCall final
    : public grpc::ServerWriteReactor<v1::ReadFileResponse> {
 public:
  // Only `token` is owned; everything else outlives the call. With an invalid
  // token the call fails.
  static FileReadCall* Create(const FileStore* files, asio::thread_pool* pool,
                              CallTracker::Token token,
                              const v1::ReadFileRequest& request);

  void OnWriteDone(bool ok) override;
  void OnDone() override;

 private:
  FileReadCall(const FileStore* files, asio::thread_pool* pool,
               CallTracker::Token token, v1::ReadFileRequest request)
      : files_(files),
        pool_(pool),
        token_(std::move(token)),
        request_(std::move(request)) {}

  absl::Status Open();
  // Fills in the next chunk, which is empty at the end.
  absl::Status ReadChunk();
  void SendNext();

  const FileStore* const files_;
  asio::thread_pool* const pool_;
  const CallTracker::Token token_;
  const v1::ReadFileRequest request_;
  UniqueFd file_;
  uint64_t offset_ = 0;
  uint64_t end_ = 0;
  v1::ReadFileResponse chunk_;
};

}  // namespace dissectd::server

#endif  // SERVER_FILE_FILE_READ_CALL_H_
