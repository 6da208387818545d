// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_CRASH_REPORTER_H_
#define CORE_DISSECTION_CRASH_REPORTER_H_

#include "absl/status/status.h"
#include "core/epan/wireshark.h"
#include "core/ipc/protocol.h"

namespace dissectd::engine {

// Records in the StatusPage what a worker is doing, so that dissectd can report
// it if the worker dies. Once installed, it stays for the rest of the process's
// life.
class CrashReporter {
 public:
  // Maps the page that `memfd` holds and installs handlers for the signals of
  // a crash, which write the protocol and then let the signal end the process.
  static absl::Status Install(int memfd);

  // Switches to the page of a pass worker.
  static void UsePage(ipc::StatusPage* page);

  // Ends this process in the same way as the process that wrote `page`.
  // `wait_status` is what waitpid returned for that one. `gave_up` says that
  // too many frames have crashed processes like that one.
  [[noreturn]] static void DieLike(const ipc::StatusPage& page, int wait_status,
                                   bool gave_up);

  // Records that `edt` now dissects the frame. `edt` must live until the next
  // call.
  static void BeginFrame(const ipc::PassPosition& position,
                         uint32_t frame_number, const epan_dissect_t* edt);

  // Records that no frame is being dissected.
  static void EndFrame();
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_CRASH_REPORTER_H_
