// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/protobuf_imports.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <filesystem>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/read_files.h"

namespace dissectd::engine {
namespace {

constexpr absl::string_view kImport = "import";

// Returns whether a character separates words, or libwireshark ignores it after
// it has reported it. Those that have a meaning between other words don't occur
// in an import.
bool IsIgnored(char c) {
  return !absl::ascii_isgraph(static_cast<unsigned char>(c)) ||
         absl::StrContains("@#`\\", c);
}

bool IsInWord(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_';
}

// What a character after `import` can be a part of.
enum Part { kBetween, kSingleQuoted, kDoubleQuoted, kLineComment, kComment };
constexpr size_t kMaxStep = 2;

// Follows all ways to read the text after `import`, from the first character to
// the last. There are several, as libwireshark goes on after the quote if a
// text in quotes has no end on its line.
class ImportReader {
 public:
  explicit ImportReader(absl::string_view text) : text_(text) {}

  bool FindsAbsolutePath() {
    for (position_ = 0; position_ < text_.size(); ++position_) {
      Step();
      if (found_) return true;
      std::rotate(parts_.begin(), parts_.begin() + 1, parts_.end());
      parts_.back().reset();
      const absl::string_view read = text_.substr(0, position_ + 1);
      if (absl::EndsWith(read, kImport)) parts_.front().set(kBetween);
    }
    return false;
  }

 private:
  using Parts = std::bitset<kComment + 1>;

  void Step() {
    const Parts parts = parts_.front();
    if (parts.none()) return;
    if (parts[kBetween]) StepBetween();
    if (parts[kSingleQuoted]) StepQuoted('\'', kSingleQuoted);
    if (parts[kDoubleQuoted]) StepQuoted('"', kDoubleQuoted);
    if (parts[kLineComment]) {
      GoTo(absl::StrContains("\r\n", Character()) ? kBetween : kLineComment, 1);
    }
    if (parts[kComment]) {
      const bool ends = Begins("*/");
      GoTo(ends ? kBetween : kComment, ends ? 2 : 1);
    }
  }

  void StepBetween() {
    const char c = Character();
    if (c == '"' || c == '\'') {
      // libwireshark makes slashes of backslashes.
      const absl::string_view next = text_.substr(position_ + 1, 1);
      found_ = next == "/" || next == "\\";
      GoTo(kBetween, 1);
      GoTo(c == '"' ? kDoubleQuoted : kSingleQuoted, 1);
    } else if (Begins("//")) {
      GoTo(kLineComment, 2);
    } else if (Begins("/*")) {
      GoTo(kComment, 2);
    } else if (IsIgnored(c) || IsInWord(c)) {
      GoTo(kBetween, 1);
    }
  }

  void StepQuoted(char quote, Part part) {
    const char c = Character();
    if (c == '\n') return;
    GoTo(c == quote ? kBetween : part, c == '\\' ? 2 : 1);
  }

  char Character() const { return text_[position_]; }
  bool Begins(absl::string_view what) const {
    return absl::StartsWith(text_.substr(position_), what);
  }
  void GoTo(Part part, size_t characters) { parts_[characters].set(part); }

  const absl::string_view text_;
  size_t position_ = 0;
  bool found_ = false;
  // What the next characters can be a part of, beginning with the current one.
  std::array<Parts, kMaxStep + 1> parts_;
};

}  // namespace

bool HasAbsoluteImport(absl::string_view proto) {
  return ImportReader(proto).FindsAbsolutePath();
}

absl::Status CheckImportsIn(const std::string& folder,
                            const std::string& name) {
  std::error_code error;
  std::filesystem::recursive_directory_iterator entry(folder, error);
  const std::filesystem::recursive_directory_iterator end;
  for (; !error && entry != end; entry.increment(error)) {
    if (!entry->is_regular_file(error)) continue;
    if (!HasAbsoluteImport(ContentOf(entry->path()))) continue;
    const std::string file = entry->path().lexically_relative(folder);
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        absl::StrCat("A folder of \"", name, "\" has the schema \"", file,
                     "\", which imports a file of the server by its path. "
                     "Clients can't choose such files."),
        {"PREFERENCE_NAMES_FILE",
         {{"preference", name}, {"attachment", file}},
         {}});
  }
  if (!error) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("can't read attachments: ", error.message()));
}

}  // namespace dissectd::engine
