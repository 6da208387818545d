// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/small_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace dissectd::cli {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

absl::Status CannotRead(const std::string& path, absl::string_view what,
                        absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("Can't read ", what, " from \"", path, "\": ", why));
}

}  // namespace

absl::StatusOr<std::string> ReadSmallFile(const std::string& path,
                                          absl::string_view what,
                                          size_t max_bytes) {
  const std::unique_ptr<std::FILE, CloseFile> file(
      std::fopen(path.c_str(), "rbe"));
  if (file == nullptr) return CannotRead(path, what, std::strerror(errno));
  std::string content;
  char buffer[64 << 10];
  while (const size_t count =
             std::fread(buffer, 1, sizeof(buffer), file.get())) {
    content.append(buffer, count);
    if (content.size() > max_bytes) {
      return CannotRead(
          path, what,
          absl::StrCat("the files that options name can have at most ",
                       kMaxSentBytes >> 20, " MiB together"));
    }
  }
  if (std::ferror(file.get()) != 0) {
    return CannotRead(path, what, std::strerror(errno));
  }
  return content;
}

}  // namespace dissectd::cli
