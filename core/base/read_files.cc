// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/read_files.h"

#include <array>
#include <fstream>

namespace dissectd {

std::string ContentOf(const std::filesystem::path& file) {
  std::ifstream input(file, std::ios::binary);
  return ContentOf(&input);
}

std::string ContentOf(std::istream* input) {
  std::string content;
  std::array<char, 4096> part;
  while (*input) {
    input->read(part.data(), part.size());
    content.append(part.data(), static_cast<size_t>(input->gcount()));
  }
  return content;
}

std::vector<std::filesystem::path> EntriesOf(
    const std::filesystem::path& folder, std::error_code* error) {
  std::vector<std::filesystem::path> entries;
  std::filesystem::directory_iterator entry(folder, *error);
  const std::filesystem::directory_iterator end;
  while (!*error && entry != end) {
    entries.push_back(entry->path());
    entry.increment(*error);
  }
  return entries;
}

std::vector<std::filesystem::path> EntriesOf(
    const std::filesystem::path& folder) {
  std::error_code error;
  return EntriesOf(folder, &error);
}

}  // namespace dissectd
