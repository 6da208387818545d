// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_ATTACHMENTS_H_
#define CORE_EPAN_ATTACHMENTS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dissectd::engine {

// A file that comes with a request.
struct Attachment {
  std::string name;
  std::string content;
};

// The attachments of a request as files in memory (MakeMemoryFile), so that
// values of preferences can name them.
class Attachments {
 public:
  // No attachments.
  Attachments() = default;

  // Errors: INVALID_ARGUMENT (ATTACHMENT_NAME_INVALID; TOO_MANY_ATTACHMENTS);
  // those of MakeMemoryFile.
  static absl::StatusOr<Attachments> Create(
      const std::vector<Attachment>& attachments);

  // Returns whether a value refers to an attachment: `attachment:NAME`.
  static bool IsReference(absl::string_view value);

  // Returns the path of the attachment that a reference names. Errors:
  // INVALID_ARGUMENT (ATTACHMENT_UNKNOWN).
  absl::StatusOr<std::string> PathOf(absl::string_view reference) const;

  // Returns a text of libwireshark's for the client, who knows the references
  // but not the paths.
  std::string WithReferences(absl::string_view text) const;

 private:
  // The path of each, by its reference.
  std::map<std::string, std::string, std::less<>> paths_;
};

}  // namespace dissectd::engine

#endif  // CORE_EPAN_ATTACHMENTS_H_
