// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_BASE_READ_FILES_H_
#define CORE_BASE_READ_FILES_H_

#include <filesystem>
#include <istream>
#include <string>
#include <system_error>
#include <vector>

// Reads files and folders that may vanish meanwhile, as those of a process in
// /proc do at its end. The standard library's iterators throw exceptions then,
// even those that were made with a std::error_code.
namespace dissectd {

// Returns the content of a file, up to the first error; nothing if it can't be
// opened.
std::string ContentOf(const std::filesystem::path& file);

// Returns the rest of a stream, up to the first error, for which the stream is
// bad then.
std::string ContentOf(std::istream* input);

// Returns the paths of all entries of a folder in any order, up to the first
// error, which `error` then has.
std::vector<std::filesystem::path> EntriesOf(
    const std::filesystem::path& folder, std::error_code* error);

// Returns the paths of all entries of a folder in any order, up to the first
// error.
std::vector<std::filesystem::path> EntriesOf(
    const std::filesystem::path& folder);

}  // namespace dissectd

#endif  // CORE_BASE_READ_FILES_H_
