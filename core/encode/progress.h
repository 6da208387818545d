// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_PROGRESS_H_
#define CORE_ENCODE_PROGRESS_H_

#include <string>

#include "core/encode/frame_sink.h"

namespace dissectd::engine {

// Serialises a dissectd.v1.Progress.
std::string ProgressBytes(const ProgressReport& progress);

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_PROGRESS_H_
