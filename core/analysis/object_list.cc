// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/object_list.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/epan/handles.h"
#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

using TypesByName = std::map<std::string, register_eo_t*>;

WsBool AddType(const void*, void* value, void* types) {
  auto* type = static_cast<register_eo_t*>(value);
  static_cast<TypesByName*>(types)->emplace(
      proto_get_protocol_filter_name(get_eo_proto_id(type)), type);
  return FALSE;
}

TypesByName CollectTypes() {
  TypesByName types;
  eo_iterate_tables(AddType, &types);
  return types;
}

std::string NameInProtocol(const export_object_entry_t& entry) {
  if (entry.filename != nullptr) return entry.filename;
  const char* const extension = eo_ct2ext(entry.content_type);
  return extension == nullptr
             ? absl::StrCat("object", entry.pkt_num)
             : absl::StrCat("object", entry.pkt_num, ".", extension);
}

// Gives names that weren't given before, as tshark does.
class FileNames {
 public:
  std::string Next(const std::string& name) {
    // Objects of the same name are common: don't try all numbers again.
    int& count = counts_[name];
    std::string file_name;
    do {
      const GStringPtr safe(
          eo_massage_str(name.c_str(), EXPORT_OBJECT_MAXFILELEN, count));
      file_name.assign(safe->str, safe->len);
    } while (used_.count(file_name) > 0 && ++count < MaxCount());
    used_.insert(file_name);
    return file_name;
  }

 private:
  static int MaxCount() {
    return static_cast<int>(prefs.gui_max_export_objects);
  }

  // A folder has files with these names.
  std::set<std::string> used_ = {"", ".", ".."};
  std::map<std::string, int> counts_;
};

}  // namespace

std::vector<std::string> ObjectTypes() {
  std::vector<std::string> names;
  for (const auto& [name, type] : CollectTypes()) names.push_back(name);
  return names;
}

absl::StatusOr<std::unique_ptr<ObjectList>> ObjectList::Begin(
    const std::string& type) {
  const TypesByName types = CollectTypes();
  const auto found = types.find(type);
  if (found == types.end()) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     absl::StrCat("There is no type of objects \"", type,
                                  "\"; see ListReports."),
                     {"OBJECT_TYPE_UNKNOWN", {{"type", type}}, {}});
  }
  // make_unique can't call the private constructor.
  std::unique_ptr<ObjectList> list(new ObjectList(found->second));
  LibraryTap::Options options;
  options.tap = get_eo_tap_listener_name(found->second);
  options.on_packet = get_eo_packet_func(found->second);
  ASSIGN_OR_RETURN(list->tap_,
                   LibraryTap::Register(options, &list->callbacks_));
  return list;
}

ObjectList::ObjectList(register_eo_t* type) {
  callbacks_.add_entry = Add;
  callbacks_.get_entry = Get;
  callbacks_.gui_data = this;
  const export_object_gui_reset_cb reset = get_eo_reset_func(type);
  if (reset != nullptr) reset();
}

void ObjectList::Add(void* self, export_object_entry_t* entry) {
  static_cast<ObjectList*>(self)->entries_.push_back(entry);
}

export_object_entry_t* ObjectList::Get(void* self, int row) {
  const auto& entries = static_cast<ObjectList*>(self)->entries_;
  const auto index = static_cast<size_t>(row);
  return row >= 0 && index < entries.size() ? entries[index] : nullptr;
}

absl::string_view ContentOf(const export_object_entry_t& entry) {
  if (entry.payload_data == nullptr) return "";
  return {reinterpret_cast<const char*>(entry.payload_data), entry.payload_len};
}

std::vector<std::string> ExportNames(
    const std::vector<export_object_entry_t*>& entries) {
  FileNames names;
  std::vector<std::string> result;
  result.reserve(entries.size());
  for (const export_object_entry_t* entry : entries) {
    result.push_back(names.Next(NameInProtocol(*entry)));
  }
  return result;
}

}  // namespace dissectd::engine
