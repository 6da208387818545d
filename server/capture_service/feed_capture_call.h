// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_SERVICE_FEED_CAPTURE_CALL_H_
#define SERVER_CAPTURE_SERVICE_FEED_CAPTURE_CALL_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "dissectd/v1/capture.pb.h"
#include "server/base/io_loop.h"
#include "server/capture/capture_use.h"
#include "server/capture/captures.h"
#include "server/capture/packet_pipe.h"
#include "server/capture/pipe_head.h"
#include "server/policy/resource_access.h"
#include "server/rpc/call.h"
#include "server/rpc/call_context.h"

namespace dissectd::server {

// A call of CaptureService.FeedCapture: passes what the client sends to
// dumpcap. A message is read once the one before is written, so a dumpcap that
// doesn't read slows the client down. However the call ends, dumpcap finds the
// end of the packets.
class FeedCaptureCall final : public Call,
                              public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  // Starts reading. `loop`, `captures` and `access` are not owned and outlive
  // the call.
  // `response` belongs to gRPC, and is valid until OnDone.
  static FeedCaptureCall* Create(IoLoop* loop, const Captures* captures,
                                 const ResourceAccess* access,
                                 std::unique_ptr<CallContext> context,
                                 grpc::ByteBuffer* response);

  void OnReadDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  FeedCaptureCall(IoLoop* loop, const Captures* captures,
                  const ResourceAccess* access,
                  std::unique_ptr<CallContext> context,
                  grpc::ByteBuffer* response)
      : Call(loop, std::move(context)),
        captures_(captures),
        access_(access),
        response_(response) {}

  bool is_live() const override { return true; }
  std::chrono::seconds sender_timeout() const override {
    return CaptureSenderTimeout(has_bytes_);
  }
  void OnOverdue() override;
  void ReadNext();
  // Parses the message that has been read.
  absl::Status ParseRead();

  // The methods below run on the loop's thread only.

  // Takes the parsed message.
  absl::Status TakeMessage();
  // Finds the capture that the first message names.
  absl::Status Begin();
  void OnWritten(bool written);
  void OnCaptureChange();
  // The client has sent everything.
  void EndPackets();
  absl::Status Answer();
  void FinishWith(const absl::Status& status);
  // Without other interfaces, dumpcap ends once it has read all packets. With
  // others, it would go on for nobody.
  void StopMixedCapture();

  const Captures* const captures_;
  const ResourceAccess* const access_;
  grpc::ByteBuffer* const response_;
  // The buffer that gRPC reads into, and the message in it. Only one of gRPC
  // and the loop uses them at a time.
  grpc::ByteBuffer bytes_;
  v1::FeedCaptureRequest message_;
  // Null until the first message has been read.
  std::shared_ptr<Capture> capture_;
  std::shared_ptr<PacketPipe> pipe_;
  PipeHead head_;
  // Whether the client has sent bytes of the packets.
  bool has_bytes_ = false;
  CaptureUse use_;
  uint64_t subscription_ = 0;
  bool finished_ = false;
  std::atomic<bool> broken_off_{false};
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_SERVICE_FEED_CAPTURE_CALL_H_
