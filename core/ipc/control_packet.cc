// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/ipc/control_packet.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "core/ipc/descriptors.h"
#include "core/ipc/struct_bytes.h"

namespace dissectd::ipc {

ControlMessage MakeControlMessage(ControlKind kind, uint64_t worker_id) {
  ControlMessage message = {};
  message.version = kProtocolVersion;
  message.kind = kind;
  message.worker_id = worker_id;
  return message;
}

absl::Status CheckControlPacket(const ControlMessage& message, size_t size) {
  if (size >= sizeof(message.version) && message.version != kProtocolVersion) {
    return absl::InternalError(absl::StrCat(
        "the other program speaks version ", message.version,
        " of the protocol between dissectd and dissectd-engine, this one "
        "version ",
        kProtocolVersion, "; install both from one build"));
  }
  if (size != sizeof(message)) {
    return absl::InternalError(absl::StrCat(
        "a control message has ", size, " bytes instead of ", sizeof(message)));
  }
  return absl::OkStatus();
}

void SetEngine(absl::string_view id, ControlMessage* message) {
  std::memset(message->engine, 0, sizeof(message->engine));
  std::memcpy(message->engine, id.data(),
              std::min(id.size(), sizeof(message->engine) - 1));
}

std::string EngineOf(const ControlMessage& message) {
  return std::string(message.engine,
                     strnlen(message.engine, sizeof(message.engine)));
}

bool SendControlPacket(int socket, const ControlMessage& message,
                       absl::Span<const int> fds, int flags) {
  return SendWithDescriptors(socket, BytesOf(message), fds, flags);
}

}  // namespace dissectd::ipc
