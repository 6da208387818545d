// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/packet_export.h"

#include "core/base/status_macros.h"

namespace dissectd::engine {

absl::StatusOr<std::unique_ptr<PacketExport>> PacketExport::Create(
    const ExportRequest& request, const OutputType& type, OutputFile output,
    CaptureFile file, Epan* epan) {
  ASSIGN_OR_RETURN(DisplayFilterPtr read_filter,
                   FramePasses::CompileReadFilter(request.dissect.options));
  ASSIGN_OR_RETURN(CompiledView view,
                   CompiledView::Compile(request.dissect.view, FrameNeeds()));
  // Not make_unique: the constructor is private.
  std::unique_ptr<PacketExport> result(new PacketExport(
      request, std::move(view), std::move(read_filter), std::move(file), epan));
  ASSIGN_OR_RETURN(
      result->writer_,
      PacketWriter::Open(output, type, request.write.section_comments,
                         result->file()));
  return result;
}

absl::Status PacketExport::Run() {
  if (request_.dissect.options.two_pass) {
    RETURN_IF_ERROR(passes_.RunFirst(passes_.IsFiltered(),
                                     [] { return absl::OkStatus(); }));
  }
  RETURN_IF_ERROR(RunLastPass());
  if (request_.write.names) names_written_ = writer_->WriteNames();
  return writer_->Close();
}

absl::Status PacketExport::RunLastPass() {
  // Without a filter all frames are written as they are.
  EpanDissectPtr edt;
  if (passes_.IsFiltered()) {
    edt = passes_.NewEdt(passes_.view().has_filter(), /*visible=*/false);
  }
  // With two passes, all that the file has are at its beginning; with one,
  // those after the last packet are left out, as tshark does.
  if (request_.dissect.options.two_pass) {
    RETURN_IF_ERROR(writer_->WriteNewInterfaces(0));
  }
  const CompiledView& view = passes_.view();
  while (!passes_.IsOver() && !view.EndsWithSent(frames_written_)) {
    frame_data* frame = passes_.Next();
    if (frame == nullptr) break;
    RETURN_IF_ERROR(writer_->WriteNewInterfaces(frame->num));
    RETURN_IF_ERROR(HandleFrame(edt.get(), frame));
  }
  return absl::OkStatus();
}

absl::Status PacketExport::HandleFrame(epan_dissect_t* edt, frame_data* frame) {
  const uint32_t number = frame->num;
  // Marked in the first pass.
  bool written = edt == nullptr || frame->dependent_of_displayed;
  if (edt != nullptr) {
    passes_.view().PrimeFilter(edt);
    // Dissecting takes it from the record, which is to be written with it.
    wtap_rec* rec = passes_.dissector().record().rec();
    wtap_block_t block = wtap_block_ref(rec->block);
    RETURN_IF_ERROR(passes_.Dissect(edt, frame, nullptr, [&written] {
      written = true;
      return absl::OkStatus();
    }));
    rec->block = block;
  }
  if (!written || !passes_.view().InRange(number)) return absl::OkStatus();
  return WriteFrame(number);
}

absl::Status PacketExport::WriteFrame(uint32_t number) {
  Record& record = passes_.dissector().record();
  ++frames_written_;
  return writer_->Write(record.rec(), record.bytes(), number);
}

}  // namespace dissectd::engine
