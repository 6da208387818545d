// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FILE_UPLOAD_CALL_H_
#define SERVER_FILE_UPLOAD_CALL_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "dissectd/v1/file.pb.h"
#include "server/base/io_loop.h"
#include "server/policy/resource_access.h"
#include "server/rpc/call.h"
#include "server/rpc/call_context.h"
#include "server/rpc/file_queue.h"
#include "server/store/upload_store.h"

namespace dissectd::server {

// A call of FileService.WriteUpload. Writes chunks one after the other, in turn
// with those of others. If the call breaks off, the written chunks are kept. A
// client that sends nothing for too long loses its call, so that the upload is
// free for others, and can go on in another call.
class UploadCall final : public Call,
                         public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  // Nothing is owned; all outlives the call.
  struct Deps {
    IoLoop* loop;
    FileQueue* file_queue;
    UploadStore* store;
    const ResourceAccess* access;
    std::chrono::seconds sender_timeout = kFirstBytesTimeout;
  };

  // Starts reading. `response` belongs to gRPC, and is valid until OnDone.
  static UploadCall* Create(const Deps& deps,
                            std::unique_ptr<CallContext> context,
                            grpc::ByteBuffer* response);

  void OnReadDone(bool ok) override;
  void OnCancel() override { SetClientGone(); }
  void OnDone() override { Release(); }

 private:
  UploadCall(const Deps& deps, std::unique_ptr<CallContext> context,
             grpc::ByteBuffer* response)
      : Call(deps.loop, std::move(context)), deps_(deps), response_(response) {}

  std::chrono::seconds sender_timeout() const override {
    return deps_.sender_timeout;
  }
  void OnOverdue() override;
  void ReadNext();
  // Writes the chunk that has been read.
  absl::Status WriteChunk();
  // Ends the upload when the client has sent all chunks, or has gone.
  absl::Status EndChunks();
  void Respond(const UploadStore::Info& info);

  const Deps deps_;
  grpc::ByteBuffer* const response_;
  // The buffer that gRPC reads into, and the message in it.
  grpc::ByteBuffer bytes_;
  v1::WriteUploadRequest chunk_;
  // Present from the first chunk on.
  std::unique_ptr<UploadStore::Writer> writer_;
};

}  // namespace dissectd::server

#endif  // SERVER_FILE_UPLOAD_CALL_H_
