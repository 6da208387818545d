// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/capture_edits.h"

#include <protozero/pbf_message.hpp>
#include <utility>

#include "core/base/status_macros.h"
#include "core/epan/handles.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/common.schema.h"
#include "dissectd/v1/session.schema.h"

namespace dissectd::engine {
namespace {

void SetComments(const std::vector<std::string>& comments, wtap_block_t block) {
  while (wtap_block_remove_nth_option_instance(block, OPT_COMMENT, 0) ==
         WTAP_OPTTYPE_SUCCESS) {
  }
  for (const std::string& comment : comments) {
    wtap_block_add_string_option(block, OPT_COMMENT, comment.data(),
                                 comment.size());
  }
}

// Returns a message of this kind in the field that is read.
template <typename Tag, typename Message>
protozero::pbf_message<Tag> Nested(Message* message) {
  return protozero::pbf_message<Tag>(message->get_view());
}

std::vector<std::string> ReadSectionComments(
    protozero::pbf_message<schema::SectionComments> message) {
  std::vector<std::string> comments;
  while (message.next(schema::SectionComments::kComments)) {
    comments.push_back(Text(&message));
  }
  return comments;
}

std::unordered_set<uint32_t> ReadFrameSet(
    protozero::pbf_message<schema::FrameSet> message) {
  std::unordered_set<uint32_t> numbers;
  while (message.next(schema::FrameSet::kFrameNumbers)) {
    for (const uint32_t number : message.get_packed_uint32()) {
      numbers.insert(number);
    }
  }
  return numbers;
}

nstime_t ReadShift(protozero::pbf_message<schema::TimeShift> message) {
  nstime_t shift = NSTIME_INIT_ZERO;
  while (message.next(schema::TimeShift::kOffset)) {
    auto time = Nested<schema::TimeValue>(&message);
    while (time.next()) {
      switch (time.tag()) {
        case schema::TimeValue::kSeconds:
          shift.secs = time.get_sint64();
          break;
        case schema::TimeValue::kNanos:
          shift.nsecs = time.get_sint32();
          break;
        default:
          time.skip();
      }
    }
  }
  return shift;
}

}  // namespace

absl::StatusOr<CaptureEdits> CaptureEdits::Parse(
    absl::string_view bytes, absl::string_view kept_records) {
  CaptureEdits edits;
  edits.kept_records_ = std::string(kept_records);
  RETURN_IF_ERROR(ReadRequestField(
      "GetSessionEditsResponse", bytes, schema::GetSessionEditsResponse::kEdits,
      [&](auto* message) {
        const protozero::data_view edit = message->get_view();
        edits.ReadEdit({edit.data(), edit.size()});
      }));
  return edits;
}

void CaptureEdits::ReadEdit(absl::string_view bytes) {
  protozero::pbf_message<schema::SessionEdit> message(
      protozero::data_view(bytes.data(), bytes.size()));
  while (message.next()) {
    switch (message.tag()) {
      case schema::SessionEdit::kFrameComments: {
        const protozero::data_view comments = message.get_view();
        ReadFrameComments({comments.data(), comments.size()});
        break;
      }
      case schema::SessionEdit::kSectionComments:
        section_comments_ =
            ReadSectionComments(Nested<schema::SectionComments>(&message));
        break;
      case schema::SessionEdit::kMark:
        marked_ = ReadFrameSet(Nested<schema::FrameSet>(&message));
        break;
      case schema::SessionEdit::kIgnore:
        ignored_ = ReadFrameSet(Nested<schema::FrameSet>(&message));
        break;
      case schema::SessionEdit::kTimeReference:
        time_references_ = ReadFrameSet(Nested<schema::FrameSet>(&message));
        break;
      case schema::SessionEdit::kTimeShift:
        shift_ = ReadShift(Nested<schema::TimeShift>(&message));
        break;
      default:
        message.skip();
    }
  }
}

void CaptureEdits::ReadFrameComments(absl::string_view bytes) {
  uint32_t frame = 0;
  std::vector<std::string> comments;
  protozero::pbf_message<schema::FrameComments> message(
      protozero::data_view(bytes.data(), bytes.size()));
  while (message.next()) {
    switch (message.tag()) {
      case schema::FrameComments::kFrameNumber:
        frame = message.get_uint32();
        break;
      case schema::FrameComments::kComments:
        comments.push_back(Text(&message));
        break;
      default:
        message.skip();
    }
  }
  comments_[frame] = std::move(comments);
}

void CaptureEdits::EditSection(wtap* file) const {
  const wtap_block_t section = wtap_file_get_shb(file, 0);
  if (!section_comments_.has_value() || section == nullptr) return;
  SetComments(*section_comments_, section);
}

void CaptureEdits::Shift(frame_data* frame) const {
  if (frame->has_ts == 0 || nstime_is_zero(&shift_)) return;
  nstime_add(&frame->abs_ts, &shift_);
  frame->shift_offset = shift_;
}

void CaptureEdits::Edit(const wtap_rec& record, frame_data* frame) {
  frame->marked = marked_.count(frame->num) != 0;
  frame->ignored = ignored_.count(frame->num) != 0;
  frame->ref_time = time_references_.count(frame->num) != 0;
  const auto comments = comments_.find(frame->num);
  if (comments == comments_.end()) return;
  WtapBlockPtr& block = modified_blocks_[frame->num];
  block.reset(record.block == nullptr ? wtap_block_create(WTAP_BLOCK_PACKET)
                                      : wtap_block_make_copy(record.block));
  SetComments(comments->second, block.get());
  frame->has_modified_block = 1;
}

bool CaptureEdits::IsShifted(const frame_data& frame) {
  return frame.has_ts != 0 && !nstime_is_zero(&frame.shift_offset);
}

void CaptureEdits::EditRecord(const frame_data& frame, wtap_rec* record) const {
  if (IsShifted(frame)) record->ts = frame.abs_ts;
  const auto block = modified_blocks_.find(frame.num);
  if (block == modified_blocks_.end()) return;
  wtap_block_unref(record->block);
  record->block = wtap_block_ref(block->second.get());
  record->block_was_modified = TRUE;
}

std::optional<bool> CaptureEdits::IsKept(uint32_t record) const {
  const uint32_t bit = record - 1;
  if (bit / 8 >= kept_records_.size()) return std::nullopt;
  return (static_cast<uint8_t>(kept_records_[bit / 8]) >> (bit % 8) & 1) != 0;
}

bool HasComment(wtap_block_t options) {
  return options != nullptr &&
         wtap_block_count_option(options, OPT_COMMENT) > 0;
}

}  // namespace dissectd::engine
