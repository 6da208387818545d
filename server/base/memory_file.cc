// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/memory_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/write_contents.h"

namespace dissectd::server {
namespace {

absl::StatusOr<UniqueFd> MemoryFile() {
  UniqueFd file(memfd_create("dissectd", MFD_CLOEXEC));
  if (!file.valid()) return errors::WorkerNotStarted(errno);
  return file;
}

}  // namespace

absl::StatusOr<UniqueFd> MemoryFileWith(absl::string_view bytes) {
  ASSIGN_OR_RETURN(UniqueFd file, MemoryFile());
  const int error = WriteContents(file.get(), bytes);
  if (error != 0) return errors::WorkerNotStarted(error);
  return file;
}

absl::StatusOr<UniqueFd> MemoryFileOfZeros(size_t size) {
  ASSIGN_OR_RETURN(UniqueFd file, MemoryFile());
  if (ftruncate(file.get(), static_cast<off_t>(size)) != 0) {
    return errors::WorkerNotStarted(errno);
  }
  return file;
}

}  // namespace dissectd::server
