// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/token_line.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/scoped_fd.h"
#include "clients/cli/sha256.h"
#include "clients/cli/small_file.h"
#include "clients/cli/status_macros.h"

namespace dissectd::cli {
namespace {

constexpr size_t kTokenBytes = 32;
constexpr size_t kMaxNameBytes = 255;

// Years have four digits in the daemon's file.
constexpr absl::Time kYear10000 = absl::FromUnixSeconds(253'402'300'800);

// Lets programs that look for leaked secrets recognise a token.
constexpr char kTokenPrefix[] = "dissectd_";

absl::Duration UnitOf(char letter) {
  constexpr int kHoursPerDay = 24;
  constexpr int kDaysPerWeek = 7;
  switch (letter) {
    case 'm':
      return absl::Minutes(1);
    case 'h':
      return absl::Hours(1);
    case 'd':
      return absl::Hours(kHoursPerDay);
    case 'w':
      return absl::Hours(kHoursPerDay * kDaysPerWeek);
    default:
      return absl::ZeroDuration();
  }
}

std::string ExpiryText(absl::Time time) {
  const time_t seconds = absl::ToTimeT(time);
  tm parts = {};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text = {};
  const size_t size =
      strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), size};
}

// Returns whether the daemon takes a text as the name of a caller.
bool IsName(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxNameBytes && text[0] != '#' &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isgraph(c); });
}

bool IsGroup(absl::string_view text) {
  return IsName(text) && !absl::StrContains(text, ',') &&
         !absl::StrContains(text, ':');
}

absl::Status CannotWrite(const std::string& path, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("Can't write \"", path, "\": ", why));
}

bool WriteAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

// Returns the content of the file with a line break at its end; empty if there
// is no file.
absl::StatusOr<std::string> LinesOf(const std::string& path) {
  if (access(path.c_str(), F_OK) != 0 && errno == ENOENT) return std::string();
  ASSIGN_OR_RETURN(std::string content, ReadSmallFile(path, "tokens"));
  if (!content.empty() && content.back() != '\n') content += '\n';
  return content;
}

// Gives a new file the owner and the mode of the one that it replaces. Nobody
// but the owner may write to it, as the daemon refuses it otherwise.
bool LikeTheFile(const std::string& path, int fd) {
  constexpr mode_t kReadable = 0644;
  struct stat old = {};
  if (stat(path.c_str(), &old) != 0) return errno == ENOENT;
  return fchown(fd, old.st_uid, old.st_gid) == 0 &&
         fchmod(fd, old.st_mode & kReadable) == 0;
}

absl::Status Replace(const std::string& path, absl::string_view content) {
  std::string next = absl::StrCat(path, ".XXXXXX");
  // Only this user can read it.
  const ScopedFd fd(mkostemp(next.data(), O_CLOEXEC));
  if (fd.get() < 0) return CannotWrite(path, std::strerror(errno));
  if (LikeTheFile(path, fd.get()) && WriteAll(fd.get(), content) &&
      fsync(fd.get()) == 0 && std::rename(next.c_str(), path.c_str()) == 0) {
    return absl::OkStatus();
  }
  const int error = errno;
  unlink(next.c_str());
  return CannotWrite(path, std::strerror(error));
}

}  // namespace

absl::StatusOr<std::string> NewToken() {
  std::array<char, kTokenBytes> bytes = {};
  if (getrandom(bytes.data(), bytes.size(), 0) !=
      static_cast<ssize_t>(bytes.size())) {
    return absl::InternalError("The system has no random numbers.");
  }
  return absl::StrCat(kTokenPrefix, absl::WebSafeBase64Escape(absl::string_view(
                                        bytes.data(), bytes.size())));
}

absl::StatusOr<absl::Time> ParseExpiry(absl::string_view text, absl::Time now) {
  absl::Time time;
  std::string error;
  if (absl::StrContains(text, ':') &&
      absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
    if (time > now) return time;
    return absl::InvalidArgumentError(
        absl::StrCat("The time \"", text, "\" has passed."));
  }
  uint32_t count = 0;
  const absl::Duration unit =
      text.empty() ? absl::ZeroDuration() : UnitOf(text.back());
  if (unit > absl::ZeroDuration() && absl::ascii_isdigit(text[0]) &&
      absl::SimpleAtoi(text.substr(0, text.size() - 1), &count) && count > 0) {
    time = now + count * unit;
    if (time < kYear10000) return time;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", text,
      "\" is neither a duration such as 12h, 90d or 4w nor a time such as "
      "2030-12-31T00:00:00Z."));
}

absl::StatusOr<std::string> TokenLine(absl::string_view token,
                                      absl::string_view name,
                                      const std::vector<std::string>& groups,
                                      absl::Time expiry) {
  if (!IsName(name)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", name,
                     "\" can't be a name: it begins with #, has blanks or "
                     "characters that aren't ASCII, or is too long."));
  }
  for (const std::string& group : groups) {
    if (IsGroup(group)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("\"", group,
                     "\" can't be a group: it has blanks, commas, colons or "
                     "characters that aren't ASCII, or is too long."));
  }
  std::string line = absl::StrCat(
      name, " sha256:", absl::BytesToHexString(Sha256OfText(token)));
  if (!groups.empty()) {
    absl::StrAppend(&line, " ", absl::StrJoin(groups, ","));
  }
  if (expiry != absl::InfiniteFuture()) {
    absl::StrAppend(&line, " ", ExpiryText(expiry));
  }
  return line;
}

absl::Status AppendLine(const std::string& path, absl::string_view line) {
  // The file that a symbolic link names is replaced, rather than the link.
  std::error_code error;
  const std::filesystem::path real = std::filesystem::weakly_canonical(
      std::filesystem::current_path() / path, error);
  if (error) return CannotWrite(path, error.message());
  // Holds off others who add a line at the same time.
  const ScopedFd folder(
      open(real.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || flock(folder.get(), LOCK_EX) != 0) {
    return CannotWrite(path, std::strerror(errno));
  }
  ASSIGN_OR_RETURN(const std::string lines, LinesOf(real.string()));
  return Replace(real.string(), absl::StrCat(lines, line, "\n"));
}

absl::Status WritePrivateFile(const std::string& path,
                              absl::string_view content) {
  constexpr mode_t kOnlyOwner = 0600;
  const ScopedFd fd(
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOnlyOwner));
  if (fd.get() < 0) return CannotWrite(path, std::strerror(errno));
  if (WriteAll(fd.get(), content) && fsync(fd.get()) == 0) {
    return absl::OkStatus();
  }
  const int error = errno;
  unlink(path.c_str());
  return CannotWrite(path, std::strerror(error));
}

}  // namespace dissectd::cli
