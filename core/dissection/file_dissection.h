// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_FILE_DISSECTION_H_
#define CORE_DISSECTION_FILE_DISSECTION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/dissection/capture_view.h"
#include "core/dissection/opened_capture.h"
#include "core/dissection/progress_timer.h"
#include "core/dissection/resumption.h"
#include "core/encode/frame_sink.h"
#include "core/epan/capture_file.h"
#include "core/epan/columns.h"
#include "core/epan/display_filter.h"
#include "core/epan/epan.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// Opens a capture file and shows it to one view, in the order and with the
// state that tshark has. At most one in the life of a process, after
// ApplySettings.
class FileDissection {
 public:
  // The parts that a dissection uses. Nothing is owned; everything outlives the
  // dissection.
  struct Deps {
    Epan* epan;
    FrameSink* sink;
    // The number of processes that share a second pass, if the sink can be
    // shared.
    uint32_t pass_workers = 1;
    // What earlier workers have sent, and where they crashed.
    Resumption resumption = Resumption();
  };

  // Compiles the filters, sets up the columns, and opens the epan unless it is
  // open. `request` is not owned and outlives this. Errors: INVALID_ARGUMENT.
  static absl::StatusOr<std::unique_ptr<FileDissection>> Create(
      const DissectRequest& request, CaptureFile file, const Deps& deps);

  // Sends the whole stream, from its header to its end. Errors: those of the
  // sink.
  absl::Status Run();

  const OpenedCapture& capture() const { return capture_; }

 private:
  FileDissection(const DissectRequest& request, CaptureView view,
                 DisplayFilterPtr read_filter, CaptureFile file,
                 const Deps& deps)
      : request_(request),
        view_(std::move(view)),
        capture_(request.options, std::move(read_filter), std::move(file),
                 deps.epan),
        pass_workers_(deps.pass_workers),
        resumption_(deps.resumption) {}

  absl::Status RunFirstPass();
  absl::Status RunLastPass();
  // Sets an error if frames that an earlier worker has sent aren't in the file
  // any more.
  void CheckForSentFrames();
  absl::Status SendEnd();
  ColumnSet* columns() { return columns_ ? &*columns_ : nullptr; }

  const DissectRequest& request_;
  CaptureView view_;
  OpenedCapture capture_;
  const uint32_t pass_workers_;
  const Resumption resumption_;
  // Present if the sink needs columns.
  std::optional<ColumnSet> columns_;
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_FILE_DISSECTION_H_
