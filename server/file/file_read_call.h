// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FILE_FILE_READ_CALL_H_
#define SERVER_FILE_FILE_READ_CALL_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "dissectd/v1/file.pb.h"
#include "server/base/io_loop.h"
#include "server/base/unique_fd.h"
#include "server/policy/resource_access.h"
#include "server/rpc/call.h"
#include "server/rpc/call_context.h"
#include "server/rpc/file_queue.h"
#include "server/store/file_store.h"

namespace dissectd::server {

// A call of FileService.ReadFile. Reads in turn with the files of others, and
// reads a chunk only after the client has taken the previous one.
class FileReadCall final : public Call,
                           public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  // Nothing is owned; all outlives the call.
  struct Deps {
    IoLoop* loop;
    FileQueue* file_queue;
    const FileStore* files;
    const ResourceAccess* access;
  };

  // Starts reading.
  static FileReadCall* Create(const Deps& deps,
                              std::unique_ptr<CallContext> context,
                              const v1::ReadFileRequest& request);

  void OnWriteDone(bool ok) override;
  void OnCancel() override { SetClientGone(); }
  void OnDone() override { Release(); }

 private:
  FileReadCall(const Deps& deps, std::unique_ptr<CallContext> context,
               v1::ReadFileRequest request)
      : Call(deps.loop, std::move(context)),
        deps_(deps),
        request_(std::move(request)) {}

  absl::Status Open();
  // Reads the next chunk, which is empty at the end.
  absl::Status ReadChunk(std::string* data);
  void SendNext();

  const Deps deps_;
  const v1::ReadFileRequest request_;
  UniqueFd file_;
  uint64_t offset_ = 0;
  uint64_t end_ = 0;
  // The message that gRPC is writing.
  grpc::ByteBuffer bytes_;
};

}  // namespace dissectd::server

#endif  // SERVER_FILE_FILE_READ_CALL_H_
