// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/stream_encoder.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/encode/progress.h"
#include "core/encode/read_error.h"
#include "core/encode/wire.h"
#include "core/epan/library.h"
#include "core/epan/warning_collector.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {
namespace {

// In smaller batches, the cost of each message dominates. In larger ones, a
// large frame that follows could exceed a client's default limit of 4 MiB.
constexpr uint32_t kMinBatchBytes = 16 << 10;
constexpr uint32_t kDefaultBatchBytes = 256 << 10;
constexpr uint32_t kMaxBatchBytes = 1 << 20;
// The longest time that frames wait for a batch to fill.
constexpr std::chrono::milliseconds kMaxBatchAge(50);

uint32_t ClampBatchBytes(uint32_t bytes) {
  if (bytes == 0) return kDefaultBatchBytes;
  return std::clamp(bytes, kMinBatchBytes, kMaxBatchBytes);
}

FrameNeeds NeedsOf(const View& view, const FieldSet& wanted_fields) {
  FrameNeeds needs;
  needs.tree = view.WantsNodes();
  // libwireshark keeps labels of dissectors only in a visible tree.
  needs.visible_tree =
      view.WantsTree() || (view.labels && wanted_fields.AnyHasLabelOnly());
  needs.columns = view.WantsColumns();
  needs.colors = view.colors;
  needs.fields = &wanted_fields;
  return needs;
}

}  // namespace

std::string EncodeColumn(const ColumnSet::Definition& column) {
  std::string message;
  wire::AppendText(&message, schema::ColumnDefinition::kTitle,
                   MakeValidUtf8(column.title));
  wire::AppendText(&message, schema::ColumnDefinition::kFormat, column.format);
  wire::AppendText(&message, schema::ColumnDefinition::kCustomFields,
                   MakeValidUtf8(column.custom_fields));
  return message;
}

std::string EncodeFileInfo(const CaptureFile& file) {
  std::string message;
  wtap* handle = file.handle();
  wire::AppendText(&message, schema::CaptureFileInfo::kFileType,
                   wtap_file_type_subtype_name(wtap_file_type_subtype(handle)));
  wire::AppendUint(&message, schema::CaptureFileInfo::kSizeBytes,
                   static_cast<uint64_t>(file.Size()));
  const int encapsulation = wtap_file_encap(handle);
  wire::AppendText(&message, schema::CaptureFileInfo::kEncapsulation,
                   encapsulation == WTAP_ENCAP_PER_PACKET
                       ? "per-packet"
                       : wtap_encap_name(encapsulation));
  const int decimals = wtap_file_tsprec(handle);
  if (decimals >= 0) {
    // Written even if it is 0, as the field has presence.
    wire::AppendVarint(
        &message,
        wire::Tag(schema::CaptureFileInfo::kTimestampDecimals, wire::kVarint));
    wire::AppendVarint(&message, static_cast<uint64_t>(decimals));
  }
  wire::AppendUint(&message, schema::CaptureFileInfo::kSnapshotLength,
                   static_cast<uint64_t>(wtap_snapshot_length(handle)));
  return message;
}

std::string EncodeHeader(const CaptureFile& file, const ColumnSet* columns,
                         const ColoringRules* rules) {
  return EncodeHeader(EncodeFileInfo(file), columns, rules);
}

std::string EncodeHeader(absl::string_view file_info, const ColumnSet* columns,
                         const ColoringRules* rules) {
  std::string header;
  wire::AppendText(&header, schema::StreamHeader::kWiresharkVersion,
                   WiresharkVersion());
  if (columns != nullptr) {
    for (const ColumnSet::Definition& column : columns->definitions()) {
      wire::AppendBytes(&header, schema::StreamHeader::kColumns,
                        EncodeColumn(column));
    }
  }
  wire::AppendBytes(&header, schema::StreamHeader::kFile, file_info);
  for (const std::string& notice : WarningCollector::Collected()) {
    wire::AppendBytes(&header, schema::StreamHeader::kNotices, notice);
  }
  wire::AppendText(&header, schema::StreamHeader::kEngineId, ThisEngine().id);
  if (rules != nullptr) {
    for (const std::string& rule : rules->messages()) {
      wire::AppendBytes(&header, schema::StreamHeader::kColoringRules, rule);
    }
  }
  std::string response;
  wire::AppendBytes(&response, schema::DissectResponse::kHeader, header);
  return response;
}

absl::StatusOr<std::unique_ptr<StreamEncoder>> StreamEncoder::Create(
    const DissectRequest& request, Sink sink) {
  ASSIGN_OR_RETURN(std::unique_ptr<BatchEncoder> frames,
                   MakeBatchEncoder(request.view));
  // make_unique can't call the private constructor.
  return std::unique_ptr<StreamEncoder>(
      new StreamEncoder(request, std::move(frames), std::move(sink)));
}

StreamEncoder::StreamEncoder(const DissectRequest& request,
                             std::unique_ptr<BatchEncoder> frames, Sink sink)
    : max_frames_(request.batch.max_frames),
      max_bytes_(ClampBatchBytes(request.batch.max_bytes)),
      frames_(std::move(frames)),
      needs_(NeedsOf(request.view, frames_->wanted_fields())),
      rules_(request.view.colors ? std::make_unique<ColoringRules>() : nullptr),
      sink_(std::move(sink)),
      own_memory_(DefinedFields::MemoryBytes()),
      defined_(absl::MakeSpan(own_memory_)) {}

absl::Status StreamEncoder::SendHeader(const CaptureFile& file,
                                       const ColumnSet* columns) {
  return sink_({EncodeHeader(file, columns, rules_.get())}, last_sent_);
}

absl::Status StreamEncoder::AddFrame(epan_dissect_t* edt,
                                     const frame_data& frame,
                                     ColumnSet* columns) {
  if (frame_count_ == 0) batch_start_ = Clock::now();
  frames_->Add(edt, frame, columns,
               rules_ == nullptr ? 0 : rules_->NumberOf(frame));
  last_added_ = frame.num;
  ++frame_count_;
  const bool full = frames_->SizeBytes() >= max_bytes_ ||
                    (max_frames_ != 0 && frame_count_ >= max_frames_);
  const bool old =
      held_ == nullptr && Clock::now() - batch_start_ >= kMaxBatchAge;
  return full || old ? Flush() : absl::OkStatus();
}

absl::Status StreamEncoder::Flush() {
  if (frame_count_ == 0) return absl::OkStatus();
  frame_count_ = 0;
  Batch batch{frames_->Take(), last_added_};
  if (held_ == nullptr) return SendMessage(batch);
  held_->messages.emplace_back(std::move(batch));
  return absl::OkStatus();
}

void StreamEncoder::HoldParts(absl::Span<uint8_t> shared_memory) {
  held_ = std::make_unique<HeldPart>();
  defined_ = DefinedFields(shared_memory);
}

std::unique_ptr<PartedSink::Part> StreamEncoder::TakePart() {
  // This can't fail, as nothing is sent.
  Flush().IgnoreError();
  return std::exchange(held_, std::make_unique<HeldPart>());
}

absl::Status StreamEncoder::SendPart(const Part& part) {
  for (const auto& message : static_cast<const HeldPart&>(part).messages) {
    RETURN_IF_ERROR(std::visit(
        [this](const auto& held) { return SendMessage(held); }, message));
  }
  return absl::OkStatus();
}

absl::Status StreamEncoder::SendMessage(const Batch& batch) {
  std::string definitions;
  defined_.AppendNew(batch.encoded.used, &definitions);
  last_sent_ = batch.last_frame;
  return Send(frames_->kind(), {definitions, batch.encoded.message});
}

absl::Status StreamEncoder::SendCrash(const CrashReport& crash) {
  RETURN_IF_ERROR(Flush());
  if (held_ == nullptr) return SendMessage(crash);
  held_->messages.emplace_back(crash);
  return absl::OkStatus();
}

absl::Status StreamEncoder::SendMessage(const CrashReport& crash) {
  if (keep_ != nullptr && !crash.capture.empty()) {
    RETURN_IF_ERROR(keep_(crash.capture));
  }
  std::string message;
  wire::AppendUint(&message, schema::Crash::kFrameNumber, crash.frame_number);
  wire::AppendText(&message, schema::Crash::kProtocol,
                   MakeValidUtf8(crash.protocol));
  wire::AppendUint(&message, schema::Crash::kSignal,
                   static_cast<uint64_t>(int64_t{crash.signal}));
  wire::AppendUint(&message, schema::Crash::kExitStatus,
                   static_cast<uint64_t>(int64_t{crash.exit_status}));
  last_sent_ = crash.frame_number;
  return Send(schema::DissectResponse::kCrash, {message});
}

absl::Status StreamEncoder::SendLost(uint32_t first, uint32_t last) {
  RETURN_IF_ERROR(Flush());
  std::string message;
  wire::AppendUint(&message, schema::FramesLost::kFirstFrame, first);
  wire::AppendUint(&message, schema::FramesLost::kLastFrame, last);
  return Send(schema::DissectResponse::kLost, {message});
}

absl::Status StreamEncoder::SendProgress(const ProgressReport& progress) {
  return Send(schema::DissectResponse::kProgress, {ProgressBytes(progress)});
}

absl::Status StreamEncoder::SendEnd(EndReason reason,
                                    const ProgressReport& totals,
                                    const WtapError* error,
                                    absl::string_view file_name) {
  RETURN_IF_ERROR(Flush());
  std::string message;
  wire::AppendUint(&message, schema::StreamEnd::kReason,
                   static_cast<uint32_t>(reason));
  wire::AppendUint(&message, schema::StreamEnd::kFramesRead,
                   totals.frames_read);
  wire::AppendUint(&message, schema::StreamEnd::kFramesSent,
                   totals.frames_sent);
  wire::AppendUint(&message, schema::StreamEnd::kFramesCrashed,
                   totals.frames_crashed);
  if (error != nullptr) {
    wire::AppendBytes(&message, schema::StreamEnd::kReadError,
                      ReadErrorBytes(*error, file_name));
  }
  return Send(schema::DissectResponse::kEnd, {message});
}

absl::Status StreamEncoder::Send(schema::DissectResponse kind,
                                 absl::Span<const absl::string_view> pieces) {
  size_t size = 0;
  for (const absl::string_view piece : pieces) size += piece.size();
  std::string prefix;
  wire::AppendVarint(&prefix, wire::Tag(kind, wire::kLengthDelimited));
  wire::AppendVarint(&prefix, size);
  std::vector<absl::string_view> all = {prefix};
  all.insert(all.end(), pieces.begin(), pieces.end());
  return sink_(all, last_sent_);
}

}  // namespace dissectd::engine
