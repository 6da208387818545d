// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/folder_files.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/status_macros.h"

namespace dissectd::cli {
namespace {

namespace fs = std::filesystem;

// The daemon has the same limit, for the folder itself and those in it.
constexpr size_t kMaxDepth = 16;

absl::Status CannotSend(const std::string& folder, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("Can't send the folder \"", folder, "\": ", why));
}

class Walk {
 public:
  Walk(const std::string& folder, const FolderSelection& selection)
      : folder_(folder), selection_(selection) {}

  // Adds the files of the folder with this name in the whole one.
  absl::Status Enter(const std::string& name, size_t depth);

  std::vector<FolderFile> TakeFiles() { return std::move(files_); }

 private:
  absl::Status Visit(const fs::directory_entry& entry, const std::string& name,
                     size_t depth);

  const std::string& folder_;
  const FolderSelection& selection_;
  // The folders that have been entered, without symbolic links.
  std::set<fs::path> entered_;
  std::vector<FolderFile> files_;
};

absl::Status Walk::Enter(const std::string& name, size_t depth) {
  if (depth > kMaxDepth) {
    return CannotSend(
        folder_, absl::StrCat("\"", name, "\" is below more than ", kMaxDepth,
                              " folders"));
  }
  const fs::path path =
      name.empty() ? fs::path(folder_) : fs::path(folder_) / name;
  std::error_code error;
  fs::path real = fs::canonical(path, error);
  if (!error && !entered_.insert(std::move(real)).second) {
    return absl::OkStatus();
  }
  std::vector<fs::directory_entry> entries;
  if (!error) {
    fs::directory_iterator entry(path, error);
    for (; !error && entry != fs::directory_iterator();
         entry.increment(error)) {
      entries.push_back(*entry);
    }
  }
  if (error) return CannotSend(path, error.message());
  std::sort(entries.begin(), entries.end());
  for (const fs::directory_entry& entry : entries) {
    const std::string last = entry.path().filename();
    if (absl::StartsWith(last, ".")) continue;
    RETURN_IF_ERROR(Visit(
        entry, name.empty() ? last : absl::StrCat(name, "/", last), depth));
  }
  return absl::OkStatus();
}

absl::Status Walk::Visit(const fs::directory_entry& entry,
                         const std::string& name, size_t depth) {
  std::error_code error;
  if (entry.is_directory(error)) {
    return selection_.below ? Enter(name, depth + 1) : absl::OkStatus();
  }
  const std::string extension = entry.path().extension();
  if (!entry.is_regular_file(error) ||
      std::find(selection_.extensions.begin(), selection_.extensions.end(),
                extension) == selection_.extensions.end()) {
    return absl::OkStatus();
  }
  if (files_.size() == kMaxFolderFiles) {
    return CannotSend(
        folder_, absl::StrCat("it has more than ", kMaxFolderFiles, " files"));
  }
  files_.push_back({name, entry.path()});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<FolderFile>> FilesIn(
    const std::string& folder, const FolderSelection& selection) {
  Walk walk(folder, selection);
  RETURN_IF_ERROR(walk.Enter("", 1));
  return walk.TakeFiles();
}

}  // namespace dissectd::cli
