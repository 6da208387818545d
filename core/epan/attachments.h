// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_ATTACHMENTS_H_
#define CORE_EPAN_ATTACHMENTS_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dissectd::engine {

// A file that comes with a request. Slashes in its name separate folders.
struct Attachment {
  std::string name;
  std::string content;
};

// Whether an attachment is in a folder, rather than only in memory.
bool IsInFolder(const Attachment& attachment);

// The attachments of a request as files, so that values of preferences can name
// them and the folders in their names. Those without folders are files in
// memory (MakeMemoryFile); the others are in this process's private folder
// (PrivateFolder).
class Attachments {
 public:
  // No attachments.
  Attachments() = default;

  // Errors: INVALID_ARGUMENT (ATTACHMENT_NAME_INVALID; TOO_MANY_ATTACHMENTS);
  // RESOURCE_EXHAUSTED if the private folder can't be written; those of
  // MakeMemoryFile and PrivateFolder.
  static absl::StatusOr<Attachments> Create(
      const std::vector<Attachment>& attachments);

  // Returns whether a value refers to an attachment or a folder:
  // `attachment:NAME`.
  static bool IsReference(absl::string_view value);

  // Returns the path of the attachment that a reference names. Errors:
  // INVALID_ARGUMENT (ATTACHMENT_UNKNOWN).
  absl::StatusOr<std::string> PathOf(absl::string_view reference) const;

  // Returns the path of the folder that a reference names, with all attachments
  // in it. Errors: INVALID_ARGUMENT (ATTACHMENT_UNKNOWN).
  absl::StatusOr<std::string> FolderOf(absl::string_view reference) const;

  // Returns a text of libwireshark's for the client, who knows the references
  // but not the paths.
  std::string WithReferences(absl::string_view text) const;

 private:
  absl::Status AddInMemory(const Attachment& attachment);
  absl::Status AddInFolder(const Attachment& attachment);

  // The path of each attachment, by its name.
  std::map<std::string, std::string, std::less<>> paths_;
  // The names of all folders.
  std::set<std::string, std::less<>> folders_;
  // The path of the folder that has them; empty if no attachment is in a
  // folder.
  std::string place_;
};

}  // namespace dissectd::engine

#endif  // CORE_EPAN_ATTACHMENTS_H_
