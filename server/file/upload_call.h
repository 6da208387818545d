// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FILE_UPLOAD_CALL_H_
#define SERVER_FILE_UPLOAD_CALL_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <asio/steady_timer.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
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

// A client that sends nothing for this long loses its call, so that the upload
// is free for others. It can go on in another call.
inline constexpr std::chrono::seconds kUploadSenderTimeout(60);

// A call of FileService.WriteUpload. Writes chunks one after the other, in turn
// with those of others. If the call breaks off, the written chunks are kept.
class UploadCall final : public Call,
                         public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  // Nothing is owned; all outlives the call.
  struct Deps {
    IoLoop* loop;
    FileQueue* file_queue;
    UploadStore* store;
    const ResourceAccess* access;
    std::chrono::milliseconds sender_timeout = kUploadSenderTimeout;
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
      : Call(deps.loop, std::move(context)),
        deps_(deps),
        response_(response),
        timer_(deps.loop->context()) {}

  void ReadNext();
  // Looks now and then, on the loop's thread, whether the client is too slow.
  void WatchSender();
  // Ends the call if nothing has been read for too long. Returns whether it
  // did.
  bool EndIfTooSlow();
  // Writes the chunk that has been read.
  absl::Status WriteChunk();
  // Ends the upload when the client has sent all chunks, or has gone.
  absl::Status EndChunks();
  void Respond(const UploadStore::Info& info);

  const Deps deps_;
  grpc::ByteBuffer* const response_;
  // Used on the loop's thread.
  asio::steady_timer timer_;
  // When reading began, as a number of the steady clock; 0 if nothing is being
  // read. Whoever sets it to 0 ends the reading.
  std::atomic<int64_t> reading_since_{0};
  // The buffer that gRPC reads into, and the message in it.
  grpc::ByteBuffer bytes_;
  v1::WriteUploadRequest chunk_;
  // Present from the first chunk on.
  std::unique_ptr<UploadStore::Writer> writer_;
};

}  // namespace dissectd::server

#endif  // SERVER_FILE_UPLOAD_CALL_H_
