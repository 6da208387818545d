// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/session_file.h"

#include <unistd.h>

#include <algorithm>
#include <string>
#include <utility>

#include "absl/hash/hash.h"

namespace dissectd::server {
namespace {

constexpr off_t kBytesAtEachEnd = 64 << 10;

bool HasTime(const struct stat& file, const timespec& time) {
  return file.st_mtim.tv_sec == time.tv_sec &&
         file.st_mtim.tv_nsec == time.tv_nsec;
}

}  // namespace

bool IsChanged(const struct stat& now, const struct stat& before) {
  if (now.st_size < before.st_size) return true;
  return now.st_size == before.st_size && !HasTime(now, before.st_mtim);
}

SessionFile::SessionFile(UniqueFd file, const struct stat& opened)
    : file_(std::move(file)), opened_(opened), seen_(opened) {}

void SessionFile::Remember() {
  const std::optional<size_t> hash = HashBytes();
  const absl::MutexLock lock(&mutex_);
  hash_ = hash;
}

bool SessionFile::HasChanged() {
  struct stat now = {};
  if (fstat(file_.get(), &now) != 0) return true;
  const absl::MutexLock lock(&mutex_);
  if (now.st_size == seen_.st_size && HasTime(now, seen_.st_mtim)) return false;
  if (IsChanged(now, opened_)) return true;
  if (hash_.has_value() && HashBytes() != hash_) return true;
  seen_ = now;
  return false;
}

std::optional<size_t> SessionFile::HashBytes() const {
  const off_t length = std::min(opened_.st_size, kBytesAtEachEnd);
  std::string bytes(2 * static_cast<size_t>(length), '\0');
  if (pread(file_.get(), bytes.data(), static_cast<size_t>(length), 0) !=
          length ||
      pread(file_.get(), bytes.data() + length, static_cast<size_t>(length),
            opened_.st_size - length) != length) {
    return std::nullopt;
  }
  return absl::HashOf(bytes);
}

}  // namespace dissectd::server
