// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_STREAM_ENCODER_H_
#define CORE_ENCODE_STREAM_ENCODER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/encode/batch_encoder.h"
#include "core/encode/coloring_rules.h"
#include "core/encode/field_dictionary.h"
#include "core/encode/frame_sink.h"
#include "core/epan/capture_file.h"
#include "core/epan/columns.h"
#include "core/request/dissect_request.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {

// Returns a serialised dissectd.v1.CaptureFileInfo.
std::string EncodeFileInfo(const CaptureFile& file);

// Returns the header of a Dissect stream, as a serialised
// dissectd.v1.DissectResponse. `columns` are null unless the view has columns.
// `rules` are null unless the view has colours.
std::string EncodeHeader(const CaptureFile& file, const ColumnSet* columns,
                         const ColoringRules* rules);
std::string EncodeHeader(absl::string_view file_info, const ColumnSet* columns,
                         const ColoringRules* rules);

// Returns a serialised dissectd.v1.ColumnDefinition.
std::string EncodeColumn(const ColumnSet::Definition& column);

// Writes the messages of one Dissect stream as serialised
// dissectd.v1.DissectResponse, and packs frames into batches.
//
// Every method returns the error of the sink, which ends the stream.
class StreamEncoder : public PartedSink {
 public:
  // Called with one message, in pieces to join. All frames up to `last_frame`
  // that this encoder has been given are in this message or in earlier ones.
  using Sink = absl::AnyInvocable<absl::Status(
      absl::Span<const absl::string_view> pieces, uint32_t last_frame)>;

  using FrameKeeper =
      absl::AnyInvocable<absl::Status(absl::string_view capture)>;

  // `request` is not owned and outlives this. Errors: those of
  // MakeBatchEncoder.
  static absl::StatusOr<std::unique_ptr<StreamEncoder>> Create(
      const DissectRequest& request, Sink sink);

  FrameNeeds needs() const override { return needs_; }

  // The colouring rules; null unless the view has colours.
  const ColoringRules* coloring_rules() const { return rules_.get(); }

  // Sends what EncodeHeader returns.
  absl::Status SendHeader(const CaptureFile& file,
                          const ColumnSet* columns) override;

  // Adds a frame, and sends the batch if it is full or old.
  absl::Status AddFrame(epan_dissect_t* edt, const frame_data& frame,
                        ColumnSet* columns) override;

  // Sends the frames that were added but not sent yet.
  absl::Status Flush() override;

  // Makes SendCrash call `keep` with CrashReport.capture unless that is empty.
  void SetFrameKeeper(FrameKeeper keep) { keep_ = std::move(keep); }

  // Flushes, then reports the frame, in the stream or in the part that is held.
  absl::Status SendCrash(const CrashReport& crash) override;

  // Flushes, then reports the frames.
  absl::Status SendLost(uint32_t first, uint32_t last) override;

  absl::Status SendProgress(const ProgressReport& progress) override;

  // From here on, the stream refers to nothing sent before, for a reader who
  // joins.
  void ForgetSent() { defined_.Clear(); }

  // Flushes, then sends the end.
  absl::Status SendEnd(EndReason reason, const ProgressReport& totals,
                       const WtapError* error,
                       absl::string_view file_name) override;

  // A bit for each field: whether the stream has defined it.
  size_t SharedBytes() const override { return DefinedFields::MemoryBytes(); }
  // From here on, batches are closed by their size only, not by their age.
  void HoldParts(absl::Span<uint8_t> shared_memory) override;
  std::unique_ptr<Part> TakePart() override;
  absl::Status SendPart(const Part& part) override;

 private:
  using Clock = std::chrono::steady_clock;

  // A batch, and its last frame.
  struct Batch {
    EncodedBatch encoded;
    uint32_t last_frame;
  };
  struct HeldPart : Part {
    std::vector<std::variant<Batch, CrashReport>> messages;
  };

  StreamEncoder(const DissectRequest& request,
                std::unique_ptr<BatchEncoder> frames, Sink sink);

  absl::Status SendMessage(const Batch& batch);
  absl::Status SendMessage(const CrashReport& crash);
  absl::Status Send(schema::DissectResponse kind,
                    absl::Span<const absl::string_view> pieces);

  const uint32_t max_frames_;
  const uint32_t max_bytes_;
  const std::unique_ptr<BatchEncoder> frames_;
  const FrameNeeds needs_;
  const std::unique_ptr<ColoringRules> rules_;
  Sink sink_;
  // Null unless frames are kept.
  FrameKeeper keep_;
  std::vector<uint8_t> own_memory_;
  DefinedFields defined_;
  // Null while batches are sent at once.
  std::unique_ptr<HeldPart> held_;
  uint32_t frame_count_ = 0;
  // The last frame that was added, and the last one that was sent.
  uint32_t last_added_ = 0;
  uint32_t last_sent_ = 0;
  // When the first frame of the batch was added.
  Clock::time_point batch_start_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_STREAM_ENCODER_H_
