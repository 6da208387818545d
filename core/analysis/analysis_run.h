// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_ANALYSIS_RUN_H_
#define CORE_ANALYSIS_ANALYSIS_RUN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/dissection/opened_capture.h"
#include "core/dissection/tap_sink.h"
#include "core/epan/capture_file.h"
#include "core/epan/wireshark.h"
#include "core/epan/wtap_error.h"
#include "core/query/query.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// Returns a serialised dissectd.v1.AnalysisEnd with the notices, and those that
// WarningCollector has. `error` may be null.
std::string AnalysisEndBytes(uint32_t frames_read, const WtapError* error,
                             absl::string_view file_name,
                             const std::vector<std::string>& notices);

// A run over all frames of a capture with taps: the capture of a file, or that
// of the session whose fork this process is. One in the life of a process, as
// it changes libwireshark's state.
class AnalysisRun {
 public:
  // Called with a serialised dissectd.v1.Progress.
  using SendProgress =
      absl::FunctionRef<absl::Status(absl::string_view progress)>;

  // Applies the settings of a serialised dissectd.v1.AnalysisSource, and opens
  // its capture if it is a file. `context` is not owned and outlives this.
  // Errors: those of ApplySettings, CheckUnlimitedRange and CaptureFile::Open,
  // and OPTIONS_UNEXPECTED.
  static absl::StatusOr<std::unique_ptr<AnalysisRun>> Prepare(
      const QueryContext& context, absl::string_view source);

  // Dissects the frames up to one, and calls `show` with that one and its
  // complete tree if the range has it. Forgets all of them, so that Run can
  // follow, unless the capture is that of a session. Errors: FRAME_NOT_FOUND,
  // those of Run, and of SessionCapture::Show.
  absl::Status ShowFrame(uint32_t number,
                         absl::FunctionRef<void(epan_dissect_t* edt)> show);

  // Dissects all frames, once or twice. Listeners are registered before, and
  // hear of those in the source's range in the last pass. Errors: those of
  // CaptureFile::Open, if ShowFrame has read the file before, of
  // CompileDisplayFilter, and of `send_progress`.
  absl::Status Run(SendProgress send_progress);

  // What frames are dissected for besides the listeners, as tshark does if it
  // prints them: a display filter, which no listener heeds, and complete trees.
  void SetPrinting(std::string display_filter, bool full_trees) {
    request_.view.display_filter = std::move(display_filter);
    full_trees_ = full_trees;
  }

  // Adds notices to the end message, before Run.
  void AddNotices(const std::vector<std::string>& notices) {
    notices_.insert(notices_.end(), notices.begin(), notices.end());
  }

  // The name that the source gives to the capture, or that of its file, without
  // folders.
  const std::string& capture_name() const {
    return capture_name_.empty() ? context_.capture_name : capture_name_;
  }

  // What ReportEnvironment has; complete after Run.
  const nstime_t& elapsed() const { return elapsed_; }

  // Returns a serialised dissectd.v1.AnalysisEnd, after Run.
  const std::string& EndMessage() const { return end_; }

 private:
  explicit AnalysisRun(const QueryContext& context) : context_(context) {}

  absl::Status ApplySource(absl::string_view source);
  absl::Status Run(const DissectRequest& request, FrameSink* sink);
  absl::StatusOr<CaptureFile> OpenFile() const;
  absl::Status RunOnFile(const DissectRequest& request, FrameSink* sink);
  absl::Status RunOnSession(const View& selection, FrameSink* sink);
  void NoteElapsed(const OpenedCapture& capture);

  const QueryContext& context_;
  DissectRequest request_;
  std::string capture_name_;
  bool full_trees_ = false;
  // The capture from Prepare until it is read.
  std::optional<CaptureFile> file_;
  std::vector<std::string> notices_;
  // The number of frames of a file, after a run.
  uint32_t frames_ = 0;
  nstime_t elapsed_ = NSTIME_INIT_ZERO;
  std::string end_;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_ANALYSIS_RUN_H_
