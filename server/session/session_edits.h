// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SESSION_EDITS_H_
#define SERVER_SESSION_SESSION_EDITS_H_

#include <google/protobuf/repeated_field.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/session.pb.h"

namespace dissectd::server {

// What has been changed of what a session shows and saves.
class SessionEdits {
 public:
  // Makes changes in their order, for a session with this number of frames.
  // Errors: EDIT_INVALID, FRAME_NOT_FOUND, TOO_MANY_EDITS; some changes are
  // made then.
  absl::Status Apply(
      const google::protobuf::RepeatedPtrField<v1::SessionEdit>& edits,
      uint32_t frames);

  // Returns all changes in the shortest form.
  v1::GetSessionEditsResponse All() const;
  // Returns those that the reading of the capture depends on.
  v1::GetSessionEditsResponse ForReading() const;
  // Returns those that questions depend on.
  v1::GetSessionEditsResponse ForQuestions() const;

  // The number of changes in the shortest form.
  uint32_t count() const { return static_cast<uint32_t>(All().edits_size()); }

 private:
  using Numbers = std::set<uint32_t>;

  absl::Status Apply(const v1::SessionEdit& edit, uint32_t frames);
  absl::Status SetFrameComments(const v1::FrameComments& comments,
                                uint32_t frames);

  std::map<uint32_t, v1::FrameComments> frame_comments_;
  std::optional<v1::SectionComments> section_comments_;
  Numbers marked_;
  Numbers ignored_;
  Numbers time_references_;
  v1::TimeValue shift_;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_SESSION_EDITS_H_
