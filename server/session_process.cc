// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session_process.h"

#include <grpcpp/support/slice.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/ipc/protocol.h"
#include "server/errors.h"
#include "server/memory_file.h"
#include "spdlog/spdlog.h"

namespace dissectd {

absl::StatusOr<std::unique_ptr<SessionProcess>> SessionProcess::Start(
    IoLoop* loop, EpanHost* host, UniqueFd capture, EpanHost::EndedFn ended) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    return errors::SessionNotStarted(errno);
  }
  UniqueFd ours(pair[0]);
  UniqueFd theirs(pair[1]);
  ASSIGN_OR_RETURN(UniqueFd page, MemoryFileOfZeros(ipc::kStatusPageBytes));
  UniqueFd page_of_session(dup(page.get()));
  if (!page_of_session.valid()) return errors::SessionNotStarted(errno);
  // Not make_unique: the constructor is private.
  std::unique_ptr<SessionProcess> session(new SessionProcess(
      host, std::move(page), SessionSocket(&loop->context(), std::move(ours))));
  session->id_ = host->StartSession(
      {std::move(theirs), std::move(page_of_session), std::move(capture)},
      std::move(ended));
  return session;
}

// Reads the page instead of mapping it: a session gone wrong may have cut it.
SessionProcess::Place SessionProcess::LastPlace() const {
  Place place;
  alignas(ipc::StatusPage) char bytes[sizeof(ipc::StatusPage)] = {};
  if (pread(status_page_.get(), bytes, sizeof(bytes), 0) !=
      static_cast<ssize_t>(sizeof(bytes))) {
    return place;
  }
  std::memcpy(&place.frame, bytes + offsetof(ipc::StatusPage, frame_number),
              sizeof(place.frame));
  const char* name = bytes + offsetof(ipc::StatusPage, protocol);
  place.protocol = MakeValidUtf8(absl::string_view(
      name, strnlen(name, sizeof(ipc::StatusPage::protocol))));
  return place;
}

bool HadProcess(const SessionEnd& end) {
  return end.kind == SessionEnd::Kind::kExited ||
         end.kind == SessionEnd::Kind::kSignaled;
}

std::string Describe(const SessionEnd& end) {
  return end.kind == SessionEnd::Kind::kSignaled
             ? absl::StrCat("signal ", end.value)
             : absl::StrCat("exit status ", end.value);
}

absl::Status SilentEndError(const SessionEnd& end,
                            const SessionProcess::Place& place) {
  switch (end.kind) {
    case SessionEnd::Kind::kNotStarted:
      return errors::SessionNotStarted(end.value);
    case SessionEnd::Kind::kHostDied:
      return errors::HostDied();
    case SessionEnd::Kind::kHostUnavailable:
      return errors::HostUnavailable();
    case SessionEnd::Kind::kExited:
    case SessionEnd::Kind::kSignaled:
      break;
  }
  return errors::SessionCrashed(Describe(end), place.frame);
}

grpc::ByteBuffer Serialize(const v1::DissectResponse& response) {
  const grpc::Slice bytes(response.SerializeAsString());
  return grpc::ByteBuffer(&bytes, 1);
}

grpc::ByteBuffer CrashMessage(const SessionEnd& end,
                              const SessionProcess::Place& place) {
  spdlog::error("a session was ended by {} at frame {}, protocol \"{}\"",
                Describe(end), place.frame, place.protocol);
  v1::DissectResponse response;
  v1::Crash* crash = response.mutable_crash();
  crash->set_frame_number(place.frame);
  crash->set_protocol(place.protocol);
  if (end.kind == SessionEnd::Kind::kSignaled) {
    crash->set_signal(end.value);
  } else {
    crash->set_exit_status(end.value);
  }
  return Serialize(response);
}

}  // namespace dissectd
