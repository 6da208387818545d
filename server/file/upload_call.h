// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FILE_UPLOAD_CALL_H_
#define SERVER_FILE_UPLOAD_CALL_H_

#include <grpcpp/support/server_callback.h>

#include <asio/thread_pool.hpp>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "dissectd/v1/file.pb.h"
#include "server/rpc/call_tracker.h"
#include "server/store/upload_store.h"

namespace dissectd::server {

// One call of FileService.WriteUpload. Pieces are written on the pool, one
// after the other; a call that breaks leaves what was written. Deletes itself.
class UploadCall : public grpc::ServerReadReactor<v1::WriteUploadRequest> {
 public:
  // Nothing but `pass` is owned; all outlives the call. With an invalid pass
  // the call fails.
  static UploadCall* Create(UploadStore* store, asio::thread_pool* pool,
                            CallTracker::Token token,
                            v1::WriteUploadResponse* response);

  void OnReadDone(bool ok) override;
  void OnDone() override;

 private:
  UploadCall(UploadStore* store, asio::thread_pool* pool,
             CallTracker::Token token, v1::WriteUploadResponse* response)
      : store_(store),
        pool_(pool),
        token_(std::move(token)),
        response_(response) {}

  absl::Status TakePiece();
  absl::Status TakeEnd();

  UploadStore* const store_;
  asio::thread_pool* const pool_;
  const CallTracker::Token token_;
  v1::WriteUploadResponse* const response_;
  v1::WriteUploadRequest piece_;
  // From the first piece on.
  std::unique_ptr<UploadStore::Writer> writer_;
};

}  // namespace dissectd::server

#endif  // SERVER_FILE_UPLOAD_CALL_H_
