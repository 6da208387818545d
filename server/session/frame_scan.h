// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_FRAME_SCAN_H_
#define SERVER_SESSION_FRAME_SCAN_H_

#include <grpcpp/support/byte_buffer.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/query/query_reader.h"
#include "server/query/query_worker.h"
#include "server/session/packet_list.h"
#include "server/session/question_attempts.h"

namespace dissectd::server {

// A scan of the capture of a session: for the frames that pass a filter, for
// their lines of the packet list, or for both. Destruction ends it. Used on the
// loop's thread only.
class FrameScan : private QueryReader {
 public:
  // How scans of a session read its frames.
  struct Source {
    // Returns a process that can scan the capture.
    std::function<absl::StatusOr<std::unique_ptr<QueryWorker>>()> start;
    // Returns the attempts of a scan.
    std::function<QuestionAttempts()> attempts;
  };
  struct Request {
    // A serialised ListFramesRequest. Only the filter counts without a list.
    std::string list_frames;
    // The edits of the session, as Query has them.
    std::string edits;
    // Gets the lines; null if they aren't needed.
    std::shared_ptr<PacketList> list;
  };
  // Gets the bits of a FrameBitmap; none without a filter.
  using Done =
      absl::AnyInvocable<void(const absl::StatusOr<std::string>& bits)>;

  // `source` is not owned and outlives this. `done` is called once, not before
  // Start has returned, and may destroy this object.
  FrameScan(const Source* source, Request request, Done done);
  ~FrameScan() override;
  FrameScan(const FrameScan&) = delete;
  FrameScan& operator=(const FrameScan&) = delete;

  // Errors: those of the source.
  absl::Status Start();

 private:
  void OnResponse(const grpc::ByteBuffer& response) override;
  void OnEnd(const absl::Status& status) override;
  // Takes a response to ipc::Query::kListLines. Returns false if it is
  // malformed.
  bool TakePart(const std::string& response);

  const Source* const source_;
  const Request request_;
  Done done_;
  QuestionAttempts attempts_;
  std::unique_ptr<QueryWorker> worker_;
  std::string bits_;
  bool broken_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_FRAME_SCAN_H_
