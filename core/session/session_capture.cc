// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/session_capture.h"

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/dissection/view_set.h"
#include "core/encode/frame_sink.h"
#include "core/encode/stream_encoder.h"
#include "core/request/frame_range.h"

namespace dissectd::engine {
namespace {

// The sink of frames that are only skipped.
class NoSink final : public FrameSink {
 public:
  FrameNeeds needs() const override { return {}; }
  absl::Status AddFrame(epan_dissect_t*, const frame_data&,
                        ColumnSet*) override {
    return absl::OkStatus();
  }
};

// What a process must have read to answer a query.
enum class Needs {
  kNothing,
  kFile,
  kUnreadFile,
  kFirstPass,
  kStartOfSecondPass
};

Needs NeedsOf(ipc::Query query) {
  switch (query) {
    case ipc::Query::kReadSession:
      return Needs::kFile;
    case ipc::Query::kReadLiveSession:
      return Needs::kUnreadFile;
    case ipc::Query::kSkipFrames:
    case ipc::Query::kGetFrame:
    case ipc::Query::kListFrames:
    case ipc::Query::kFindFrame:
    case ipc::Query::kDissectSession:
    case ipc::Query::kSelectStream:
      return Needs::kFirstPass;
    case ipc::Query::kFilterFrames:
    case ipc::Query::kListLines:
    case ipc::Query::kSortFrames:
    case ipc::Query::kRunStatistics:
    case ipc::Query::kFollowStream:
    case ipc::Query::kFollowSelectedStream:
    case ipc::Query::kListExportObjects:
    case ipc::Query::kReadExportObjects:
    case ipc::Query::kExportTlsSecrets:
      return Needs::kStartOfSecondPass;
    default:
      return Needs::kNothing;
  }
}

// Whether the query is one that a worker of its own can answer as well.
bool IsForSessionOnly(ipc::Query query) {
  if (query == ipc::Query::kSelectStream ||
      query == ipc::Query::kFollowSelectedStream ||
      query == ipc::Query::kReadLiveSession ||
      query == ipc::Query::kListLines) {
    return true;
  }
  return query >= ipc::Query::kOpenSession && query < ipc::Query::kListReports;
}

}  // namespace

SessionCapture::SessionCapture(DissectRequest settings,
                               DisplayFilterPtr read_filter, CaptureFile file,
                               Epan* epan, CaptureEdits edits)
    : settings_(std::move(settings)),
      edits_(std::move(edits)),
      opened_(settings_.options, std::move(read_filter), std::move(file), epan),
      file_info_(EncodeFileInfo(opened_.file())) {
  opened_.SetEdits(&edits_);
}

absl::Status SessionCapture::BeginFork() {
  if (opened_.is_in_first_pass()) opened_.EndFirstPass();
  return opened_.dissector().ReopenAfterFork();
}

absl::Status SessionCapture::Begin(ipc::Query query) {
  const Needs needs = NeedsOf(query);
  if (needs == Needs::kNothing) return absl::OkStatus();
  const bool is_ready =
      needs == Needs::kFile ||
      opened_.has_frame_table() == (needs != Needs::kUnreadFile);
  if (used_ || !is_ready ||
      (needs == Needs::kStartOfSecondPass && position_ != 0)) {
    return absl::InternalError(
        absl::StrCat("a process of a session can't answer query ",
                     static_cast<uint32_t>(query), " any more, or not yet"));
  }
  used_ = needs != Needs::kFile && needs != Needs::kUnreadFile &&
          query != ipc::Query::kSkipFrames;
  return absl::OkStatus();
}

absl::Status SessionCapture::SkipTo(uint32_t frame) {
  if (frame <= position_) return absl::OkStatus();
  RETURN_IF_ERROR(CheckFrame(frame));
  NoSink sink;
  const View everything;
  ASSIGN_OR_RETURN(CaptureView view, CaptureView::Create(everything, &sink));
  view.set_history(history_);
  ViewSet views(Pass::kSecond, &opened_.dissector(), nullptr);
  views.Add(&view);
  while (position_ < frame) {
    frame_data* next = opened_.ReadAgain(position_ + 1);
    if (next == nullptr) return ReadError();
    if (crashes_.CrashAt(next->num) == nullptr) {
      views.Replay(next);
    } else {
      opened_.dissector().Skip(next);
    }
    ++position_;
  }
  history_ = view.history();
  return absl::OkStatus();
}

absl::Status SessionCapture::Show(uint32_t frame,
                                  const CaptureView::History* history,
                                  ColumnSet* columns, FrameSink* sink) {
  RETURN_IF_ERROR(CheckFrame(frame));
  RETURN_IF_ERROR(CheckPosition(frame));
  RETURN_IF_ERROR(SkipTo(frame - 1));
  frame_data* next = opened_.ReadAgain(frame);
  if (next == nullptr) return ReadError();
  ++position_;
  if (const ipc::KnownCrash* crash = crashes_.CrashAt(frame)) {
    opened_.dissector().Skip(next);
    return sink->SendCrash(ReportOf(*crash));
  }
  const View everything;
  ASSIGN_OR_RETURN(CaptureView view, CaptureView::Create(everything, sink));
  view.set_history(history == nullptr ? history_ : *history);
  ViewSet views(Pass::kSecond, &opened_.dissector(), columns);
  views.Add(&view);
  shows_comments_ = IsCommented(*next);
  RETURN_IF_ERROR(views.Dissect(next));
  history_.Add(*next);
  return absl::OkStatus();
}

bool SessionCapture::IsCommented(const frame_data& frame) {
  const auto edited = edits_.modified_blocks().find(frame.num);
  return HasComment(edited == edits_.modified_blocks().end()
                        ? opened_.dissector().record().rec()->block
                        : edited->second.get());
}

void SessionCapture::Mark(const CaptureEdits& edits) {
  if (opened_.has_frame_table()) opened_.Mark(edits);
}

absl::Status SessionCapture::CheckFrame(uint32_t frame) {
  if (frame >= 1 && frame <= opened_.frames_kept()) return absl::OkStatus();
  return FrameNotFound(frame, opened_.frames_kept());
}

absl::Status SessionCapture::CheckPosition(uint32_t frame) const {
  if (frame > position_) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("frame ", frame, " was asked of a process that has skipped ",
                   position_, " frames"));
}

absl::Status SessionCapture::ReadError() const {
  const WtapError& error = *opened_.file().error();
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   ReadErrorMessage(error, opened_.file().name()),
                   {WtapErrorReason(error), {}, {}});
}

absl::Status BeginSessionQuery(SessionCapture* session, ipc::Query query) {
  if (session != nullptr) return session->Begin(query);
  if (!IsForSessionOnly(query)) return absl::OkStatus();
  return absl::InternalError("a question to a session came to another worker");
}

}  // namespace dissectd::engine
