// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/session_edits.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/session/session_errors.h"

namespace dissectd::server {
namespace {

constexpr int kMaxEditsPerCall = 10'000;
// A client has to get all edits in a response, and gRPC's clients take 4 MiB.
constexpr size_t kMaxBytes = size_t{3} << 20;
// The length of an option in a pcapng file.
constexpr size_t kMaxCommentBytes = 65'535;
// Ten thousand years, as in google.protobuf.Duration.
constexpr int64_t kMaxShiftSeconds = 315'576'000'000;
constexpr int32_t kMaxNanos = 999'999'999;

absl::Status CheckFrame(uint32_t frame, uint32_t frames) {
  return frame == 0 || frame > frames ? errors::FrameNotFound(frame, frames)
                                      : absl::OkStatus();
}

absl::Status CheckComments(
    const google::protobuf::RepeatedPtrField<std::string>& comments) {
  for (const std::string& comment : comments) {
    if (comment.empty()) return errors::EditInvalid("A comment is empty.");
    if (comment.find('\0') != std::string::npos) {
      return errors::EditInvalid("A comment has a NUL character.");
    }
    if (comment.size() > kMaxCommentBytes) {
      return errors::EditInvalid(absl::StrCat("A comment has ", comment.size(),
                                              " bytes; the limit is ",
                                              kMaxCommentBytes, "."));
    }
  }
  return absl::OkStatus();
}

absl::Status Change(const v1::FrameSet& change, uint32_t frames,
                    std::set<uint32_t>* numbers) {
  if (change.frame_numbers().empty()) {
    return errors::EditInvalid("A set of frames is empty.");
  }
  for (const uint32_t frame : change.frame_numbers()) {
    RETURN_IF_ERROR(CheckFrame(frame, frames));
    if (change.undo()) {
      numbers->erase(frame);
    } else {
      numbers->insert(frame);
    }
  }
  return absl::OkStatus();
}

absl::Status CheckShift(const v1::TimeShift& shift) {
  if (!shift.has_offset()) {
    return errors::EditInvalid("A time shift has no offset.");
  }
  const int64_t seconds = shift.offset().seconds();
  const int32_t nanos = shift.offset().nanos();
  const bool mixed = (seconds > 0 && nanos < 0) || (seconds < 0 && nanos > 0);
  if (seconds > kMaxShiftSeconds || seconds < -kMaxShiftSeconds ||
      nanos > kMaxNanos || nanos < -kMaxNanos || mixed) {
    return errors::EditInvalid(absl::StrCat("A time can't be shifted by ",
                                            seconds, " seconds and ", nanos,
                                            " nanoseconds."));
  }
  return absl::OkStatus();
}

void AddTo(const std::set<uint32_t>& numbers, v1::FrameSet* frames) {
  frames->mutable_frame_numbers()->Add(numbers.begin(), numbers.end());
}

}  // namespace

absl::Status SessionEdits::Apply(
    const google::protobuf::RepeatedPtrField<v1::SessionEdit>& edits,
    uint32_t frames) {
  if (edits.size() > kMaxEditsPerCall) {
    return errors::TooManyEdits(absl::StrCat(
        "A call can have ", kMaxEditsPerCall, " edits; send several."));
  }
  for (const v1::SessionEdit& edit : edits) {
    RETURN_IF_ERROR(Apply(edit, frames));
  }
  if (All().ByteSizeLong() > kMaxBytes) {
    return errors::TooManyEdits(
        absl::StrCat("The edits of the session would need more than ",
                     kMaxBytes, " bytes."));
  }
  return absl::OkStatus();
}

absl::Status SessionEdits::Apply(const v1::SessionEdit& edit, uint32_t frames) {
  switch (edit.edit_case()) {
    case v1::SessionEdit::kFrameComments:
      return SetFrameComments(edit.frame_comments(), frames);
    case v1::SessionEdit::kSectionComments:
      RETURN_IF_ERROR(CheckComments(edit.section_comments().comments()));
      section_comments_ = edit.section_comments();
      return absl::OkStatus();
    case v1::SessionEdit::kMark:
      return Change(edit.mark(), frames, &marked_);
    case v1::SessionEdit::kIgnore:
      return Change(edit.ignore(), frames, &ignored_);
    case v1::SessionEdit::kTimeReference:
      return Change(edit.time_reference(), frames, &time_references_);
    case v1::SessionEdit::kTimeShift:
      RETURN_IF_ERROR(CheckShift(edit.time_shift()));
      shift_ = edit.time_shift().offset();
      return absl::OkStatus();
    case v1::SessionEdit::EDIT_NOT_SET:
      break;
  }
  return errors::EditInvalid("An edit doesn't say what to change.");
}

absl::Status SessionEdits::SetFrameComments(const v1::FrameComments& comments,
                                            uint32_t frames) {
  RETURN_IF_ERROR(CheckFrame(comments.frame_number(), frames));
  RETURN_IF_ERROR(CheckComments(comments.comments()));
  frame_comments_[comments.frame_number()] = comments;
  return absl::OkStatus();
}

v1::GetSessionEditsResponse SessionEdits::All() const {
  v1::GetSessionEditsResponse edits = ForReading();
  edits.MergeFrom(ForQuestions());
  return edits;
}

v1::GetSessionEditsResponse SessionEdits::ForReading() const {
  v1::GetSessionEditsResponse edits;
  for (const auto& [frame, comments] : frame_comments_) {
    *edits.add_edits()->mutable_frame_comments() = comments;
  }
  if (section_comments_.has_value()) {
    *edits.add_edits()->mutable_section_comments() = *section_comments_;
  }
  if (!ignored_.empty()) AddTo(ignored_, edits.add_edits()->mutable_ignore());
  if (!time_references_.empty()) {
    AddTo(time_references_, edits.add_edits()->mutable_time_reference());
  }
  if (shift_.seconds() != 0 || shift_.nanos() != 0) {
    *edits.add_edits()->mutable_time_shift()->mutable_offset() = shift_;
  }
  return edits;
}

v1::GetSessionEditsResponse SessionEdits::ForQuestions() const {
  v1::GetSessionEditsResponse edits;
  if (!marked_.empty()) AddTo(marked_, edits.add_edits()->mutable_mark());
  return edits;
}

}  // namespace dissectd::server
