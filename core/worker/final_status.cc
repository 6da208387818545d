// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/worker/final_status.h"

#include <string>

#include "core/base/error.h"
#include "spdlog/spdlog.h"

namespace dissectd::engine {

int SendFinalStatus(const absl::Status& status, WorkerChannel* channel) {
  if (absl::IsCancelled(status)) return 0;
  if (absl::IsInternal(status)) {
    spdlog::error("worker: {}", std::string(status.message()));
  }
  const absl::Status sent =
      channel->Send(ipc::MessageType::kStatus, {SerializeStatus(status)});
  return sent.ok() || absl::IsCancelled(sent) ? 0 : 1;
}

}  // namespace dissectd::engine
