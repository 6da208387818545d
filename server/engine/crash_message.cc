// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/engine/crash_message.h"

#include "dissectd/v1/dissection.pb.h"
#include "server/metrics/events.h"
#include "server/rpc/message_bytes.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {

grpc::ByteBuffer CrashMessage(const WorkerOutcome& outcome) {
  metrics::Count(metrics::Event::kDissectorCrashed);
  spdlog::error("a worker was ended by {} at frame {}, protocol \"{}\"",
                Describe(*outcome.end), outcome.frame, outcome.protocol);
  v1::DissectResponse response;
  v1::Crash* crash = response.mutable_crash();
  crash->set_frame_number(outcome.frame);
  crash->set_protocol(outcome.protocol);
  if (outcome.end->kind == WorkerEnd::Kind::kSignaled) {
    crash->set_signal(outcome.end->value);
  } else {
    crash->set_exit_status(outcome.end->value);
  }
  return SerializeMessage(response);
}

}  // namespace dissectd::server
