// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/progress.h"

#include "core/encode/wire.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {

std::string ProgressBytes(const ProgressReport& progress) {
  std::string message;
  wire::AppendUint(&message, schema::Progress::kFramesRead,
                   progress.frames_read);
  wire::AppendUint(&message, schema::Progress::kFramesSent,
                   progress.frames_sent);
  wire::AppendUint(&message, schema::Progress::kBytesRead, progress.bytes_read);
  wire::AppendUint(&message, schema::Progress::kBytesTotal,
                   progress.bytes_total);
  wire::AppendUint(&message, schema::Progress::kPass, progress.pass);
  return message;
}

}  // namespace dissectd::engine
