// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_FILE_PREFERENCES_H_
#define CORE_EPAN_FILE_PREFERENCES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/epan/attachments.h"

// Preferences whose values name files. A client must not choose which files of
// this machine are read, written or executed, so that only attachments and
// folders of attachments can be named, and only where libwireshark reads
// nothing but their data: no libraries, programs or files that include others
// of this machine.
namespace dissectd::engine {

// Checks the effect of setting a preference on those that name files.
// libwireshark knows older names of preferences that prefs_find_module doesn't,
// so only the effect tells which preference has been set.
class FilePreferenceGuard {
 public:
  // Remembers all values.
  FilePreferenceGuard();

  // Gives the preferences that have changed the paths of the attachments that
  // they refer to. If one has a value that clients can't choose, restores the
  // values of all, and returns the error; `name` is the name by which the
  // client has set the preference. Errors: INVALID_ARGUMENT
  // (PREFERENCE_NAMES_FILE; ATTACHMENT_UNKNOWN).
  absl::Status Settle(const std::string& name, const Attachments& attachments);

 private:
  void Restore();

  std::vector<std::string> values_;
};

// Returns `text`, the `NAME:VALUE` of a preference, as libwireshark takes it:
// in a row for a table that names files or folders, with the paths of the
// attachments that it refers to. Prepares libwireshark for folders. Errors:
// INVALID_ARGUMENT (PREFERENCE_NAMES_FILE; PREFERENCE_VALUE_INVALID;
// ATTACHMENT_UNKNOWN).
absl::StatusOr<std::string> WithPathsInRow(const std::string& name,
                                           std::string text,
                                           const Attachments& attachments);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_FILE_PREFERENCES_H_
