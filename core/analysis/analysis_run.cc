// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/analysis_run.h"

#include <optional>
#include <protozero/pbf_builder.hpp>
#include <protozero/pbf_message.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/dissection/capture_view.h"
#include "core/dissection/crash_reporter.h"
#include "core/dissection/file_dissection.h"
#include "core/dissection/view_pass.h"
#include "core/encode/progress.h"
#include "core/encode/read_error.h"
#include "core/epan/capture_file.h"
#include "core/epan/columns.h"
#include "core/epan/warning_collector.h"
#include "core/query/query_settings.h"
#include "core/request/frame_range.h"
#include "core/request/request_reading.h"
#include "core/session/session_capture.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

// Takes the progress and the end of a run.
class RunSink final : public TapSink {
 public:
  // `notices` and `end` are not owned and outlive this.
  RunSink(AnalysisRun::SendProgress send_progress, bool full_trees,
          const std::vector<std::string>* notices, std::string* end)
      : send_progress_(send_progress),
        full_trees_(full_trees),
        notices_(notices),
        end_(end) {}

  FrameNeeds needs() const override {
    FrameNeeds needs = TapSink::needs();
    needs.visible_tree = full_trees_;
    needs.columns = needs.columns || HaveCustomColumns();
    return needs;
  }

  absl::Status SendProgress(const ProgressReport& progress) override {
    return send_progress_(ProgressBytes(progress));
  }

  absl::Status SendCrash(const CrashReport& crash) override {
    left_out_.push_back(
        absl::StrCat("Frame ", crash.frame_number,
                     " was left out, as dissecting it crashed a process."));
    return absl::OkStatus();
  }

  absl::Status SendEnd(EndReason, const ProgressReport& totals,
                       const WtapError* error,
                       absl::string_view file_name) override {
    std::vector<std::string> notices = *notices_;
    notices.insert(notices.end(), left_out_.begin(), left_out_.end());
    *end_ = AnalysisEndBytes(totals.frames_read, error, file_name, notices);
    return absl::OkStatus();
  }

 private:
  AnalysisRun::SendProgress send_progress_;
  const bool full_trees_;
  const std::vector<std::string>* const notices_;
  std::string* const end_;
  // Notices about the frames that were left out.
  std::vector<std::string> left_out_;
};

// Takes one frame of a run.
class OneFrameSink final : public FrameSink {
 public:
  explicit OneFrameSink(absl::FunctionRef<void(epan_dissect_t* edt)> show)
      : show_(show) {}

  FrameNeeds needs() const override {
    FrameNeeds needs;
    needs.tree = true;
    needs.visible_tree = true;
    return needs;
  }

  absl::Status AddFrame(epan_dissect_t* edt, const frame_data&,
                        ColumnSet*) override {
    was_shown_ = true;
    show_(edt);
    return absl::OkStatus();
  }

  bool was_shown() const { return was_shown_; }

 private:
  absl::FunctionRef<void(epan_dissect_t* edt)> show_;
  bool was_shown_ = false;
};

absl::Status OptionsUnexpected() {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "A session has its own options; open another one.",
                   {"OPTIONS_UNEXPECTED", {}, {}});
}

}  // namespace

std::string AnalysisEndBytes(uint32_t frames_read, const WtapError* error,
                             absl::string_view file_name,
                             const std::vector<std::string>& notices) {
  std::string end;
  protozero::pbf_builder<schema::AnalysisEnd> out(end);
  out.add_uint32(schema::AnalysisEnd::kFramesRead, frames_read);
  if (error != nullptr) {
    out.add_message(schema::AnalysisEnd::kReadError,
                    ReadErrorBytes(*error, file_name));
  }
  for (const std::string& notice : WarningCollector::Collected()) {
    out.add_string(schema::AnalysisEnd::kNotices, notice);
  }
  for (const std::string& notice : notices) {
    out.add_string(schema::AnalysisEnd::kNotices, MakeValidUtf8(notice));
  }
  return end;
}

absl::StatusOr<std::unique_ptr<AnalysisRun>> AnalysisRun::Prepare(
    const QueryContext& context, absl::string_view source) {
  // make_unique can't call the private constructor.
  std::unique_ptr<AnalysisRun> run(new AnalysisRun(context));
  RETURN_IF_ERROR(run->ApplySource(source));
  if (context.session == nullptr) {
    ASSIGN_OR_RETURN(run->file_, run->OpenFile());
  }
  return run;
}

absl::Status AnalysisRun::ApplySource(absl::string_view source) {
  std::optional<std::string> options;
  RETURN_IF_ERROR(ReadRequestFields<schema::AnalysisSource>(
      "AnalysisSource", source, [&](auto* message) {
        switch (message->tag()) {
          case schema::AnalysisSource::kOptions:
            options = message->get_bytes();
            break;
          case schema::AnalysisSource::kReadFormat:
            request_.read_format = Text(message);
            break;
          case schema::AnalysisSource::kRange:
            request_.view.range = ReadFrameRange(message->get_bytes());
            break;
          case schema::AnalysisSource::kCaptureName:
            capture_name_ = message->get_bytes();
            break;
          default:
            message->skip();
        }
      }));
  RETURN_IF_ERROR(CheckUnlimitedRange(request_.view.range));
  if (context_.session != nullptr) {
    const bool has_own = options.has_value() || !request_.read_format.empty();
    return has_own ? OptionsUnexpected() : absl::OkStatus();
  }
  ASSIGN_OR_RETURN(request_.options,
                   ParseDissectionOptions(options.value_or("")));
  return ApplyQuerySettings(context_, request_);
}

absl::Status AnalysisRun::ShowFrame(
    uint32_t number, absl::FunctionRef<void(epan_dissect_t* edt)> show) {
  const uint32_t last = request_.view.range.last;
  if (last != 0 && number > last) return absl::OkStatus();
  OneFrameSink sink(show);
  if (SessionCapture* const session = context_.session) {
    return session->Show(number, nullptr, nullptr, &sink);
  }
  DissectRequest request = request_;
  request.view.range = FrameRange();
  request.view.range.first = number;
  // With a read filter, the last frame is that of the file, not of those that
  // pass.
  request.view.range.last = request.options.read_filter.empty() ? number : 0;
  request.view.range.limit = 1;
  RETURN_IF_ERROR(RunOnFile(request, &sink));
  context_.epan->Close();
  return sink.was_shown() ? absl::OkStatus() : FrameNotFound(number, frames_);
}

absl::Status AnalysisRun::Run(SendProgress send_progress) {
  RunSink sink(send_progress, full_trees_, &notices_, &end_);
  return Run(request_, &sink);
}

absl::Status AnalysisRun::Run(const DissectRequest& request, FrameSink* sink) {
  const absl::Status run = context_.session == nullptr
                               ? RunOnFile(request, sink)
                               : RunOnSession(request.view, sink);
  // No frame is at fault for a crash after the last one.
  CrashReporter::EndFrame();
  return run;
}

absl::StatusOr<CaptureFile> AnalysisRun::OpenFile() const {
  return CaptureFile::Open(context_.capture, context_.capture_name,
                           request_.options.two_pass, EmptyFile::kRefuse,
                           request_.read_format);
}

absl::Status AnalysisRun::RunOnFile(const DissectRequest& request,
                                    FrameSink* sink) {
  if (!file_.has_value()) {
    ASSIGN_OR_RETURN(file_, OpenFile());
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<FileDissection> dissection,
                   FileDissection::Create(request, *std::move(file_),
                                          {context_.epan, sink}));
  file_.reset();
  RETURN_IF_ERROR(dissection->Run());
  const OpenedCapture& capture = dissection->capture();
  frames_ =
      capture.has_frame_table() ? capture.frames_kept() : capture.frames_read();
  NoteElapsed(capture);
  return absl::OkStatus();
}

void AnalysisRun::NoteElapsed(const OpenedCapture& capture) {
  const FrameRange& range = request_.view.range;
  // Only the first pass over a file ends with the range.
  const bool is_whole = context_.session == nullptr || range.last == 0;
  if (range.first > 1 || range.has_times() || !is_whole) return;
  elapsed_ = capture.dissector().elapsed();
}

absl::Status AnalysisRun::RunOnSession(const View& selection, FrameSink* sink) {
  OpenedCapture* const capture = context_.session->opened();
  ASSIGN_OR_RETURN(CaptureView view, CaptureView::Create(selection, sink));
  std::optional<ColumnSet> columns;
  if (sink->needs().columns) columns.emplace();
  ViewPass pass(capture, &view, columns.has_value() ? &*columns : nullptr,
                context_.session->crashes());
  RETURN_IF_ERROR(pass.Run());
  NoteElapsed(*capture);
  const std::optional<WtapError>& error = capture->file().error();
  return sink->SendEnd(
      error.has_value() ? EndReason::kReadError : EndReason::kEndOfFile,
      capture->dissector().Totals(capture->frames_read()),
      error.has_value() ? &*error : nullptr, capture->file().name());
}

}  // namespace dissectd::engine
