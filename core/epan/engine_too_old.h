// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_ENGINE_TOO_OLD_H_
#define CORE_EPAN_ENGINE_TOO_OLD_H_

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/error.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

// Returns the error of a request for what only a later version of Wireshark
// can do, which `what` names: UNIMPLEMENTED (ENGINE_TOO_OLD).
inline absl::Status EngineTooOld(absl::string_view what) {
  return MakeError(absl::StatusCode::kUnimplemented,
                   absl::StrCat("Wireshark ", WIRESHARK_VERSION_MAJOR, ".",
                                WIRESHARK_VERSION_MINOR, " doesn't have ", what,
                                "; choose another engine."),
                   {"ENGINE_TOO_OLD", {}, {}});
}

}  // namespace dissectd::engine

#endif  // CORE_EPAN_ENGINE_TOO_OLD_H_
