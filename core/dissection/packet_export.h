// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_PACKET_EXPORT_H_
#define CORE_DISSECTION_PACKET_EXPORT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/dissection/capture_edits.h"
#include "core/dissection/capture_view.h"
#include "core/dissection/opened_capture.h"
#include "core/dissection/view_set.h"
#include "core/encode/frame_sink.h"
#include "core/epan/capture_file.h"
#include "core/epan/columns.h"
#include "core/epan/epan.h"
#include "core/epan/packet_writer.h"
#include "core/request/export_request.h"

namespace dissectd::engine {

// Writes the requested frames of a capture to a file, as `tshark -w` does. One
// in the life of a process, after ApplySettings.
class PacketExport {
 public:
  // Compiles the filters, opens the epan unless it is open, and starts writing
  // to `output`, which the caller keeps owning. `request` and `epan` are not
  // owned and outlive this. Errors: INVALID_ARGUMENT, those of
  // PacketWriter::Open. The request has two passes if there are edits.
  static absl::StatusOr<std::unique_ptr<PacketExport>> Create(
      const ExportRequest& request, const OutputType& type, OutputFile output,
      CaptureFile file, Epan* epan, CaptureEdits edits);

  // Reads this after the file. Before Run, with two passes.
  void SetRest(OpenedCapture::Rest rest) { capture_->SetRest(std::move(rest)); }

  // Writes all frames and completes the file. Errors of reading are not
  // returned. Errors: those of PacketWriter.
  absl::Status Run();

  const CaptureFile& file() const { return capture_->file(); }
  const PacketWriter& writer() const { return *writer_; }
  uint32_t frames_read() const { return capture_->frames_read(); }
  uint32_t frames_written() const { return frames_written_; }
  // Whether the file type can store the requested names.
  bool names_written() const { return names_written_; }

 private:
  // A sink that records whether the current frame is in the view.
  class Selection : public FrameSink {
   public:
    FrameNeeds needs() const override { return {}; }
    absl::Status AddFrame(epan_dissect_t*, const frame_data&,
                          ColumnSet*) override {
      has_frame_ = true;
      return absl::OkStatus();
    }

    void Clear() { has_frame_ = false; }
    bool has_frame() const { return has_frame_; }

   private:
    bool has_frame_ = false;
  };

  PacketExport(const ExportRequest& request, CaptureEdits edits)
      : request_(request), edits_(std::move(edits)) {}

  // Whether frames must be dissected to select them.
  bool IsFiltered() const {
    return capture_->has_read_filter() || view_->has_filter();
  }
  absl::Status RunFirstPass();
  absl::Status WriteInterfaces();
  absl::Status RunLastPass();
  absl::Status HandleFrame(ViewSet* views, frame_data* frame);
  // Whether the request's marks let the frame be written.
  bool IsSelected(const frame_data& frame) const;
  absl::Status WriteFrame(const frame_data& frame);

  const ExportRequest& request_;
  CaptureEdits edits_;
  Selection selection_;
  // Present from Create on.
  std::optional<CaptureView> view_;
  std::optional<OpenedCapture> capture_;
  std::unique_ptr<PacketWriter> writer_;
  uint32_t frames_written_ = 0;
  bool names_written_ = false;
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_PACKET_EXPORT_H_
