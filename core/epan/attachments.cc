// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/attachments.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/epan/memory_file.h"

namespace dissectd::engine {
namespace {

constexpr absl::string_view kPrefix = "attachment:";

// Each attachment takes a descriptor, of which a process usually has 1024.
constexpr size_t kMaxAttachments = 100;
// As long as the name of a file can be.
constexpr size_t kMaxNameBytes = 255;

// Returns whether a name is the same in a preference, in a row of a table and
// in a list of keys, whatever separates the values there.
bool IsValidName(absl::string_view name) {
  if (name.empty() || name.size() > kMaxNameBytes) return false;
  return std::none_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c)) ||
           absl::StrContains("/\\\"',;", c);
  });
}

absl::Status NameError(const std::string& name, absl::string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, message,
                   {"ATTACHMENT_NAME_INVALID", {{"attachment", name}}, {}});
}

}  // namespace

absl::StatusOr<Attachments> Attachments::Create(
    const std::vector<Attachment>& attachments) {
  if (attachments.size() > kMaxAttachments) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     absl::StrCat("A request can have at most ",
                                  kMaxAttachments, " attachments."),
                     {"TOO_MANY_ATTACHMENTS",
                      {{"limit", absl::StrCat(kMaxAttachments)}},
                      {}});
  }
  Attachments created;
  for (const Attachment& attachment : attachments) {
    const std::string& name = attachment.name;
    if (!IsValidName(name)) {
      return NameError(
          name, absl::StrCat("\"", name,
                             "\" can't be the name of an attachment: it has 1 "
                             "to 255 bytes, and neither slashes, backslashes, "
                             "quotes, commas, semicolons nor control "
                             "characters."));
    }
    std::string reference = absl::StrCat(kPrefix, name);
    if (created.paths_.count(reference) > 0) {
      return NameError(
          name, absl::StrCat("Two attachments have the name \"", name, "\"."));
    }
    ASSIGN_OR_RETURN(std::string path, MakeMemoryFile(attachment.content));
    created.paths_.emplace(std::move(reference), std::move(path));
  }
  return created;
}

bool Attachments::IsReference(absl::string_view value) {
  return absl::StartsWith(value, kPrefix);
}

absl::StatusOr<std::string> Attachments::PathOf(
    absl::string_view reference) const {
  const auto found = paths_.find(reference);
  if (found != paths_.end()) return found->second;
  const std::string name(reference.substr(kPrefix.size()));
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat("The request has no attachment \"", name, "\"."),
      {"ATTACHMENT_UNKNOWN", {{"attachment", name}}, {}});
}

std::string Attachments::WithReferences(absl::string_view text) const {
  std::vector<std::pair<absl::string_view, absl::string_view>> replacements;
  replacements.reserve(paths_.size());
  for (const auto& [reference, path] : paths_) {
    replacements.emplace_back(path, reference);
  }
  return absl::StrReplaceAll(text, replacements);
}

}  // namespace dissectd::engine
