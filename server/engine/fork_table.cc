// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/engine/fork_table.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/ipc/struct_bytes.h"
#include "server/base/unique_fd.h"

namespace dissectd::server {

uint64_t ForkTable::Start(Worker* worker, WorkerStart start,
                          WorkerParent::EndedFn ended) {
  const ipc::RequestId id = ++last_fork_;
  forks_[id] = std::move(ended);
  std::vector<UniqueFd> fds;
  fds.push_back(std::move(start.channel));
  fds.push_back(std::move(start.status_page));
  worker->Send(ipc::MessageType::kStartFork, id, ipc::BytesOf(start.limits),
               std::move(fds));
  return id;
}

void ForkTable::Kill(Worker* worker, uint64_t id) const {
  const auto fork = static_cast<ipc::RequestId>(id);
  if (forks_.count(fork) == 0) return;
  worker->Send(ipc::MessageType::kCancel, fork, "");
}

std::optional<ForkTable::Ended> ForkTable::TakeEnded(
    const WorkerSocket::Message& message) {
  if (message.type != ipc::MessageType::kForkEnded) return std::nullopt;
  const auto fork = forks_.find(message.request_id);
  const std::string payload = BytesOf(message.payload);
  absl::string_view bytes = payload;
  ipc::ForkEnded ended = {};
  if (fork == forks_.end() || !ipc::TakeStruct(&bytes, &ended)) {
    return std::nullopt;
  }
  Ended taken = {std::move(fork->second),
                 EndOfProcess(ended.pid, ended.wait_status)};
  forks_.erase(fork);
  return taken;
}

void ForkTable::EndAll(const WorkerEnd& end) {
  std::map<ipc::RequestId, WorkerParent::EndedFn> forks =
      std::exchange(forks_, {});
  for (auto& [id, ended] : forks) ended(end);
}

}  // namespace dissectd::server
