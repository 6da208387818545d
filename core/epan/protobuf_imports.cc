// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/protobuf_imports.h"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/error.h"

namespace dissectd::engine {
namespace {

constexpr absl::string_view kImport = "import";

// Removes everything before a position; all of the text if there is none.
void SkipTo(size_t position, absl::string_view* text) {
  text->remove_prefix(position == absl::string_view::npos ? text->size()
                                                          : position);
}

// Returns whether a character separates words, or libwireshark ignores it after
// it has reported it. Those that have a meaning between other words don't occur
// in an import.
bool IsIgnored(char c) {
  return !absl::ascii_isgraph(static_cast<unsigned char>(c)) ||
         absl::StrContains("@#`\\", c);
}

bool IsQuote(char c) { return c == '"' || c == '\''; }

// Removes what can be between `import` and the name of the file: words,
// comments and what is ignored.
void SkipToName(absl::string_view* text) {
  while (!text->empty()) {
    const char c = text->front();
    if (absl::ConsumePrefix(text, "//")) {
      SkipTo(text->find_first_of("\r\n"), text);
    } else if (absl::ConsumePrefix(text, "/*")) {
      SkipTo(text->find("*/"), text);
      absl::ConsumePrefix(text, "*/");
    } else if (IsIgnored(c) ||
               absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_') {
      text->remove_prefix(1);
    } else {
      return;
    }
  }
}

// Removes a text in quotes.
void SkipQuoted(absl::string_view* text) {
  const char quote = text->front();
  text->remove_prefix(1);
  while (!text->empty() && text->front() != quote && text->front() != '\n') {
    const bool escapes = text->front() == '\\' && text->size() > 1;
    text->remove_prefix(escapes ? 2 : 1);
  }
  if (!text->empty()) text->remove_prefix(1);
}

// Returns whether the text after `import` begins with an absolute path. Texts
// in quotes that follow each other are one, and libwireshark makes slashes of
// backslashes.
bool BeginsWithAbsolutePath(absl::string_view text) {
  SkipToName(&text);
  while (text.size() > 1 && IsQuote(text.front())) {
    if (absl::StrContains("/\\", text[1])) return true;
    SkipQuoted(&text);
    SkipToName(&text);
  }
  return false;
}

std::string ContentOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

bool HasAbsoluteImport(absl::string_view proto) {
  for (size_t found = proto.find(kImport); found != absl::string_view::npos;
       found = proto.find(kImport, found + 1)) {
    if (BeginsWithAbsolutePath(proto.substr(found + kImport.size()))) {
      return true;
    }
  }
  return false;
}

absl::Status CheckImportsIn(const std::string& folder,
                            const std::string& name) {
  std::error_code error;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder, error)) {
    if (!entry.is_regular_file(error)) continue;
    if (!HasAbsoluteImport(ContentOf(entry.path()))) continue;
    const std::string file = entry.path().lexically_relative(folder);
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
