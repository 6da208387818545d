// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_OBJECT_LIST_H_
#define CORE_ANALYSIS_OBJECT_LIST_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/analysis/library_tap.h"
#include "core/epan/tap_data.h"

namespace dissectd::engine {

// Returns the types of objects, for example `http`, sorted. libwireshark must
// be initialised.
std::vector<std::string> ObjectTypes();

// The objects of one type in a capture, which libwireshark gathers while frames
// are dissected. Objects may grow until the last frame. They are never freed:
// some types take their memory from the epan (the content of files of TFTP),
// others don't, and only the dissector knows. They last until the epan is
// closed.
class ObjectList {
 public:
  // Registers the listener. Errors: INVALID_ARGUMENT (OBJECT_TYPE_UNKNOWN);
  // those of LibraryTap::Register.
  static absl::StatusOr<std::unique_ptr<ObjectList>> Begin(
      const std::string& type);

  ~ObjectList() = default;
  ObjectList(const ObjectList&) = delete;
  ObjectList& operator=(const ObjectList&) = delete;

  const std::vector<export_object_entry_t*>& entries() const {
    return entries_;
  }

 private:
  explicit ObjectList(register_eo_t* type);

  static void Add(void* self, export_object_entry_t* entry);
  static export_object_entry_t* Get(void* self, int row);

  std::vector<export_object_entry_t*> entries_;
  // What libwireshark's function gets.
  export_object_list_t callbacks_ = {};
  std::unique_ptr<LibraryTap> tap_;
};

// Returns the content of an object.
absl::string_view ContentOf(const export_object_entry_t& entry);

// Returns the names of the files into which tshark writes the objects, if it
// writes them into an empty folder. They have no slashes, and aren't `.` or
// `..`.
std::vector<std::string> ExportNames(
    const std::vector<export_object_entry_t*>& entries);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_OBJECT_LIST_H_
