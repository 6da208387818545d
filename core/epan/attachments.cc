// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/attachments.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "core/base/error.h"
#include "core/base/private_folder.h"
#include "core/base/status_macros.h"
#include "core/epan/memory_file.h"

namespace dissectd::engine {
namespace {

constexpr absl::string_view kPrefix = "attachment:";

// The limit for attachments without folders: each takes a descriptor, of which
// a process usually has 1024.
constexpr size_t kMaxInMemory = 100;
// Enough for the schemas and the MIBs of a large product.
constexpr size_t kMaxInFolders = 2000;
// As long as the name of a file can be.
constexpr size_t kMaxNameBytes = 255;
constexpr ptrdiff_t kMaxDepth = 16;

constexpr char kRule[] =
    "it has 1 to 255 bytes, and neither backslashes, quotes, commas, "
    "semicolons nor control characters";
constexpr char kFolderRule[] =
    "with slashes, it is relative, has at most 16 folders, none of which is "
    "empty, \".\" or \"..\", and no colons";

// Returns whether a name is the same in a preference, in a row of a table and
// in a list of keys, whatever separates the values there.
bool IsValidName(absl::string_view name) {
  if (name.empty() || name.size() > kMaxNameBytes) return false;
  return std::none_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c)) ||
           absl::StrContains("\\\"',;", c);
  });
}

// Returns whether a name is that of a file below a folder, and none of its
// folders can be read as several in a list of folders, which colons separate.
bool IsValidPath(absl::string_view name) {
  if (absl::StrContains(name, ':') ||
      std::count(name.begin(), name.end(), '/') > kMaxDepth) {
    return false;
  }
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  return std::none_of(parts.begin(), parts.end(), [](absl::string_view part) {
    return part.empty() || part == "." || part == "..";
  });
}

absl::Status NameError(const std::string& name, absl::string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, message,
                   {"ATTACHMENT_NAME_INVALID", {{"attachment", name}}, {}});
}

absl::Status CheckName(const std::string& name) {
  if (!IsValidName(name)) {
    return NameError(name, absl::StrCat("\"", name,
                                        "\" can't be the name of an "
                                        "attachment: ",
                                        kRule, "."));
  }
  if (absl::StrContains(name, '/') && !IsValidPath(name)) {
    return NameError(name, absl::StrCat("\"", name,
                                        "\" can't be the name of an "
                                        "attachment: ",
                                        kFolderRule, "."));
  }
  return absl::OkStatus();
}

absl::Status CheckCount(size_t count, size_t limit, absl::string_view where) {
  if (count <= limit) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat("A request can have at most ", limit, " attachments ", where,
                   " folders."),
      {"TOO_MANY_ATTACHMENTS", {{"limit", absl::StrCat(limit)}}, {}});
}

absl::Status CheckCounts(const std::vector<Attachment>& attachments) {
  const auto in_folders = static_cast<size_t>(
      std::count_if(attachments.begin(), attachments.end(),
                    [](const Attachment& each) { return IsInFolder(each); }));
  RETURN_IF_ERROR(
      CheckCount(attachments.size() - in_folders, kMaxInMemory, "without"));
  return CheckCount(in_folders, kMaxInFolders, "in");
}

absl::Status UnknownError(absl::string_view reference,
                          absl::string_view before) {
  const std::string name(reference.substr(kPrefix.size()));
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat("The request has no ", before, " \"", name, "\"."),
      {"ATTACHMENT_UNKNOWN", {{"attachment", name}}, {}});
}

absl::Status WriteFile(const std::string& path, const std::string& content) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(),
                                      error);
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  if (!error && file) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kResourceExhausted,
      "The daemon has no space for the attachments of the request.",
      {"NO_SPACE_FOR_ATTACHMENTS", {}, {}});
}

}  // namespace

bool IsInFolder(const Attachment& attachment) {
  return absl::StrContains(attachment.name, '/');
}

absl::StatusOr<Attachments> Attachments::Create(
    const std::vector<Attachment>& attachments) {
  RETURN_IF_ERROR(CheckCounts(attachments));
  Attachments created;
  for (const Attachment& attachment : attachments) {
    const std::string& name = attachment.name;
    RETURN_IF_ERROR(CheckName(name));
    if (created.paths_.count(name) > 0) {
      return NameError(
          name, absl::StrCat("Two attachments have the name \"", name, "\"."));
    }
    created.paths_.emplace(name, "");
    for (size_t slash = name.find('/'); slash != std::string::npos;
         slash = name.find('/', slash + 1)) {
      created.folders_.insert(name.substr(0, slash));
    }
  }
  for (const std::string& folder : created.folders_) {
    if (created.paths_.count(folder) == 0) continue;
    return NameError(folder, absl::StrCat("\"", folder,
                                          "\" is the name of an attachment and "
                                          "of a folder with others."));
  }
  for (const Attachment& attachment : attachments) {
    RETURN_IF_ERROR(IsInFolder(attachment) ? created.AddInFolder(attachment)
                                           : created.AddInMemory(attachment));
  }
  return created;
}

absl::Status Attachments::AddInMemory(const Attachment& attachment) {
  ASSIGN_OR_RETURN(paths_[attachment.name], MakeMemoryFile(attachment.content));
  return absl::OkStatus();
}

absl::Status Attachments::AddInFolder(const Attachment& attachment) {
  if (place_.empty()) {
    ASSIGN_OR_RETURN(const std::string folder, PrivateFolder());
    place_ = absl::StrCat(folder, "/attachments");
  }
  std::string path = absl::StrCat(place_, "/", attachment.name);
  RETURN_IF_ERROR(WriteFile(path, attachment.content));
  paths_[attachment.name] = std::move(path);
  return absl::OkStatus();
}

bool Attachments::IsReference(absl::string_view value) {
  return absl::StartsWith(value, kPrefix);
}

absl::StatusOr<std::string> Attachments::PathOf(
    absl::string_view reference) const {
  const auto found = paths_.find(reference.substr(kPrefix.size()));
  if (found != paths_.end()) return found->second;
  return UnknownError(reference, "attachment");
}

absl::StatusOr<std::string> Attachments::FolderOf(
    absl::string_view reference) const {
  const absl::string_view name = reference.substr(kPrefix.size());
  if (folders_.find(name) == folders_.end()) {
    return UnknownError(reference, "attachments in a folder");
  }
  return absl::StrCat(place_, "/", name);
}

std::string Attachments::WithReferences(absl::string_view text) const {
  std::vector<std::pair<std::string, std::string>> replacements;
  if (!place_.empty()) {
    replacements.emplace_back(absl::StrCat(place_, "/"), kPrefix);
  }
  for (const auto& [name, path] : paths_) {
    if (absl::StrContains(name, '/')) continue;
    replacements.emplace_back(path, absl::StrCat(kPrefix, name));
  }
  return absl::StrReplaceAll(text, replacements);
}

}  // namespace dissectd::engine
