// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_PROCESS_H_
#define SERVER_SESSION_PROCESS_H_

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/dissection.pb.h"
#include "server/epan_host.h"
#include "server/io_loop.h"
#include "server/session_socket.h"
#include "server/unique_fd.h"

namespace dissectd {

// The process of one session, as the daemon sees it: its channel, and what it
// leaves behind if it crashes. Used on the loop's thread only.
class SessionProcess {
 public:
  // Where a session was when it died.
  struct Place {
    // 0 if it dissected none.
    uint32_t frame = 0;
    std::string protocol;
  };

  // Has a session forked for the capture. `ended` is called once, later than
  // this returns, whether or not this still is there. `loop` and `host` are not
  // owned and outlive this. Errors: SESSION_NOT_STARTED.
  static absl::StatusOr<std::unique_ptr<SessionProcess>> Start(
      IoLoop* loop, EpanHost* host, UniqueFd capture, EpanHost::EndedFn ended);

  SessionSocket* socket() { return &socket_; }

  // Has it killed if it still runs.
  void Kill() { host_->KillSession(id_); }

  Place LastPlace() const;

 private:
  SessionProcess(EpanHost* host, UniqueFd status_page, SessionSocket socket)
      : host_(host),
        status_page_(std::move(status_page)),
        socket_(std::move(socket)) {}

  EpanHost* const host_;
  const UniqueFd status_page_;
  SessionSocket socket_;
  uint64_t id_ = 0;
};

// Whether the session's end is that of its process, so that its channel closes
// as well.
bool HadProcess(const SessionEnd& end);

// How the process ended, for people.
std::string Describe(const SessionEnd& end);

// The error of a session that ended without saying anything.
absl::Status SilentEndError(const SessionEnd& end,
                            const SessionProcess::Place& place);

// A response as gRPC forwards it.
grpc::ByteBuffer Serialize(const v1::DissectResponse& response);

// Logs the silent end of a session's process, and returns what the client hears
// of it before the error: a serialised DissectResponse.
grpc::ByteBuffer CrashMessage(const SessionEnd& end,
                              const SessionProcess::Place& place);

}  // namespace dissectd

#endif  // SERVER_SESSION_PROCESS_H_
