// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_PACKET_EXPORT_H_
#define CORE_DISSECTION_PACKET_EXPORT_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/dissection/frame_passes.h"
#include "core/epan/capture_file.h"
#include "core/epan/epan.h"
#include "core/epan/packet_writer.h"
#include "core/request/export_request.h"

namespace dissectd::engine {

// Writes the frames of one capture that a request asks for to a file, as tshark
// does with -w. One in the life of a process, after ApplySettings.
class PacketExport {
 public:
  // Compiles the filters, opens the epan unless it is open, and begins to write
  // to `output`, which stays the caller's. `request` and `epan` are not owned
  // and outlive this. Errors: INVALID_ARGUMENT, those of PacketWriter::Open.
  static absl::StatusOr<std::unique_ptr<PacketExport>> Create(
      const ExportRequest& request, const OutputType& type, OutputFile output,
      CaptureFile file, Epan* epan);

  // Completes the file. What could not be read is not an error here. Errors:
  // those of PacketWriter.
  absl::Status Run();

  const CaptureFile& file() const { return passes_.dissector().file(); }
  const PacketWriter& writer() const { return *writer_; }
  uint32_t frames_read() const { return passes_.frames_read(); }
  uint32_t frames_written() const { return frames_written_; }
  // Whether the type has a place for the names that were asked for.
  bool names_written() const { return names_written_; }

 private:
  PacketExport(const ExportRequest& request, CompiledView view,
               DisplayFilterPtr read_filter, CaptureFile file, Epan* epan)
      : request_(request),
        passes_(request.dissect.options, std::move(view),
                std::move(read_filter), std::move(file), epan) {}

  absl::Status RunLastPass();
  absl::Status HandleFrame(epan_dissect_t* edt, frame_data* frame);
  absl::Status WriteFrame(uint32_t number);

  const ExportRequest& request_;
  FramePasses passes_;
  std::unique_ptr<PacketWriter> writer_;
  uint32_t frames_written_ = 0;
  bool names_written_ = false;
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_PACKET_EXPORT_H_
