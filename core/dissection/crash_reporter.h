// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_CRASH_REPORTER_H_
#define CORE_DISSECTION_CRASH_REPORTER_H_

#include "absl/status/status.h"
#include "core/epan/wireshark.h"
#include "core/ipc/protocol.h"

namespace dissectd::engine {

// Notes in the StatusPage what a worker is at, so that dissectd can say so if
// the worker dies. One in a process, for the rest of its life.
class CrashReporter {
 public:
  // Maps the page that `memfd` holds and installs handlers for the signals of
  // a crash, which note the protocol and then let the signal end the process.
  static absl::Status Install(int memfd);

  // Notes in another page from now on: that of a pass worker.
  static void UsePage(ipc::StatusPage* page);

  // Ends this process in the way in which another one ended, with what that one
  // noted. `wait_status` is what waitpid says.
  [[noreturn]] static void DieLike(const ipc::StatusPage& page,
                                   int wait_status);

  // Notes that `frame_number` is being dissected by `edt`, which must live
  // until the next call.
  static void BeginFrame(uint32_t frame_number, const epan_dissect_t* edt);
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_CRASH_REPORTER_H_
