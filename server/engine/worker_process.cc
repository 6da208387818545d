// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/engine/worker_process.h"

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
#include "server/base/errors.h"
#include "server/base/memory_file.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {

absl::StatusOr<std::unique_ptr<WorkerProcess>> WorkerProcess::Start(
    IoLoop* loop, EngineSupervisor* engine, UniqueFd capture,
    EngineSupervisor::EndedFn ended) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    return errors::WorkerNotStarted(errno);
  }
  UniqueFd ours(pair[0]);
  UniqueFd theirs(pair[1]);
  ASSIGN_OR_RETURN(UniqueFd page, MemoryFileOfZeros(ipc::kStatusPageBytes));
  UniqueFd page_of_worker(dup(page.get()));
  if (!page_of_worker.valid()) return errors::WorkerNotStarted(errno);
  // Not make_unique: the constructor is private.
  std::unique_ptr<WorkerProcess> worker(
      new WorkerProcess(engine, std::move(page),
                        WorkerSocket(&loop->context(), std::move(ours))));
  worker->id_ = engine->StartWorker(
      {std::move(theirs), std::move(page_of_worker), std::move(capture)},
      std::move(ended));
  return worker;
}

// Reads the page instead of mapping it: a worker gone wrong may have cut it.
WorkerProcess::CrashLocation WorkerProcess::LastLocation() const {
  CrashLocation location;
  alignas(ipc::StatusPage) char bytes[sizeof(ipc::StatusPage)] = {};
  if (pread(status_page_.get(), bytes, sizeof(bytes), 0) !=
      static_cast<ssize_t>(sizeof(bytes))) {
    return location;
  }
  std::memcpy(&location.frame, bytes + offsetof(ipc::StatusPage, frame_number),
              sizeof(location.frame));
  const char* name = bytes + offsetof(ipc::StatusPage, protocol);
  location.protocol = MakeValidUtf8(absl::string_view(
      name, strnlen(name, sizeof(ipc::StatusPage::protocol))));
  return location;
}

bool HadProcess(const WorkerEnd& end) {
  return end.kind == WorkerEnd::Kind::kExited ||
         end.kind == WorkerEnd::Kind::kSignaled;
}

std::string Describe(const WorkerEnd& end) {
  return end.kind == WorkerEnd::Kind::kSignaled
             ? absl::StrCat("signal ", end.value)
             : absl::StrCat("exit status ", end.value);
}

absl::Status CrashStatus(const WorkerEnd& end,
                         const WorkerProcess::CrashLocation& location) {
  switch (end.kind) {
    case WorkerEnd::Kind::kNotStarted:
      return errors::WorkerNotStarted(end.value);
    case WorkerEnd::Kind::kEngineDied:
      return errors::EngineDied();
    case WorkerEnd::Kind::kEngineUnavailable:
      return errors::EngineUnavailable();
    case WorkerEnd::Kind::kExited:
    case WorkerEnd::Kind::kSignaled:
      break;
  }
  return errors::WorkerCrashed(Describe(end), location.frame);
}

grpc::ByteBuffer Serialize(const v1::DissectResponse& response) {
  const grpc::Slice bytes(response.SerializeAsString());
  return grpc::ByteBuffer(&bytes, 1);
}

grpc::ByteBuffer CrashMessage(const WorkerEnd& end,
                              const WorkerProcess::CrashLocation& location) {
  spdlog::error("a worker was ended by {} at frame {}, protocol \"{}\"",
                Describe(end), location.frame, location.protocol);
  v1::DissectResponse response;
  v1::Crash* crash = response.mutable_crash();
  crash->set_frame_number(location.frame);
  crash->set_protocol(location.protocol);
  if (end.kind == WorkerEnd::Kind::kSignaled) {
    crash->set_signal(end.value);
  } else {
    crash->set_exit_status(end.value);
  }
  return Serialize(response);
}

}  // namespace dissectd::server
