// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_UPLOAD_CALL_H_
#define SERVER_UPLOAD_CALL_H_

#include <grpcpp/support/server_callback.h>

#include <asio/thread_pool.hpp>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "dissectd/v1/file.pb.h"
#include "server/call_gate.h"
#include "server/upload_store.h"

namespace dissectd {

// One call of FileService.WriteUpload. Pieces are written on the pool, one
// after the other; a call that breaks leaves what was written. Deletes itself.
class UploadCall : public grpc::ServerReadReactor<v1::WriteUploadRequest> {
 public:
  // Nothing but `pass` is owned; all outlives the call. With an invalid pass
  // the call fails.
  static UploadCall* Create(UploadStore* store, asio::thread_pool* pool,
                            CallGate::Pass pass,
                            v1::WriteUploadResponse* response);

  void OnReadDone(bool ok) override;
  void OnDone() override;

 private:
  UploadCall(UploadStore* store, asio::thread_pool* pool, CallGate::Pass pass,
             v1::WriteUploadResponse* response)
      : store_(store),
        pool_(pool),
        pass_(std::move(pass)),
        response_(response) {}

  absl::Status TakePiece();
  absl::Status TakeEnd();

  UploadStore* const store_;
  asio::thread_pool* const pool_;
  const CallGate::Pass pass_;
  v1::WriteUploadResponse* const response_;
  v1::WriteUploadRequest piece_;
  // From the first piece on.
  std::unique_ptr<UploadStore::Writer> writer_;
};

}  // namespace dissectd

#endif  // SERVER_UPLOAD_CALL_H_
