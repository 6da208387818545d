// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/packet_export.h"

#include <cstddef>
#include <deque>
#include <utility>

#include "core/base/status_macros.h"

namespace dissectd::engine {

absl::StatusOr<std::unique_ptr<PacketExport>> PacketExport::Create(
    const ExportRequest& request, const OutputType& type, OutputFile output,
    CaptureFile file, Epan* epan, CaptureEdits edits) {
  ASSIGN_OR_RETURN(DisplayFilterPtr read_filter,
                   OpenedCapture::CompileReadFilter(request.dissect.options));
  // make_unique can't call the private constructor.
  std::unique_ptr<PacketExport> result(
      new PacketExport(request, std::move(edits)));
  ASSIGN_OR_RETURN(result->view_, CaptureView::Create(request.dissect.view,
                                                      &result->selection_));
  result->capture_.emplace(request.dissect.options, std::move(read_filter),
                           std::move(file), epan);
  result->capture_->SetEdits(&result->edits_);
  ASSIGN_OR_RETURN(
      result->writer_,
      PacketWriter::Open(output, type, request.write.section_comments,
                         result->capture_->file()));
  return result;
}

absl::Status PacketExport::Run() {
  if (request_.dissect.options.two_pass) RETURN_IF_ERROR(RunFirstPass());
  RETURN_IF_ERROR(RunLastPass());
  if (request_.write.names) names_written_ = writer_->WriteNames();
  return writer_->Close();
}

absl::Status PacketExport::RunFirstPass() {
  if (!IsFiltered()) {
    capture_->ReadFrameTable(&*view_);
  } else {
    RETURN_IF_ERROR(
        capture_->RunFirstPass(&*view_, [] { return absl::OkStatus(); }));
  }
  // With two passes, all interfaces are written at the beginning. With one
  // pass, those after the last packet are left out, as in tshark.
  return WriteInterfaces();
}

absl::Status PacketExport::WriteInterfaces() {
  RETURN_IF_ERROR(writer_->WriteNewInterfaces(0));
  const std::deque<CaptureFile>& files = capture_->dissector().files();
  for (size_t i = 1; i < files.size(); ++i) {
    RETURN_IF_ERROR(writer_->WriteFurtherInterfaces(files[i]));
  }
  return absl::OkStatus();
}

absl::Status PacketExport::RunLastPass() {
  FramePass pass(&*capture_);
  ViewSet views(pass.kind(), &capture_->dissector(), nullptr);
  views.Add(&*view_);
  while (!pass.IsOver() && !view_->EndsWithRead(pass.position()) &&
         !view_->EndsWithSent(frames_written_)) {
    frame_data* frame = pass.Next();
    if (frame == nullptr) break;
    RETURN_IF_ERROR(writer_->WriteNewInterfaces(frame->num));
    RETURN_IF_ERROR(HandleFrame(&views, frame));
  }
  return absl::OkStatus();
}

absl::Status PacketExport::HandleFrame(ViewSet* views, frame_data* frame) {
  // Without a filter all frames are written unchanged.
  bool written = true;
  if (IsFiltered()) {
    // Dissecting frees the options of the record, which have to be written with
    // it.
    wtap_rec* rec = capture_->dissector().record().rec();
    WtapBlockPtr options(wtap_block_ref(rec->block));
    selection_.Clear();
    RETURN_IF_ERROR(views->Dissect(frame));
    rec->block = options.release();
    // The first pass has marked the frames that others depend on.
    written = selection_.has_frame() || frame->dependent_of_displayed;
  }
  if (!written || !view_->InRange(*frame) || !IsSelected(*frame)) {
    return absl::OkStatus();
  }
  return WriteFrame(*frame);
}

bool PacketExport::IsSelected(const frame_data& frame) const {
  return (!request_.marked_only || frame.marked != 0) &&
         (!request_.without_ignored || frame.ignored == 0);
}

absl::Status PacketExport::WriteFrame(const frame_data& frame) {
  Record& record = capture_->dissector().record();
  if (edits_.IsShifted(frame)) {
    RETURN_IF_ERROR(writer_->CheckTime(frame.abs_ts, frame.num));
  }
  edits_.EditRecord(frame, record.rec());
  ++frames_written_;
  return writer_->Write(record.rec(), record.bytes(), frame.num);
}

}  // namespace dissectd::engine
