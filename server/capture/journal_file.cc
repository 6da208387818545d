// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/journal_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/base/status_macros.h"
#include "server/base/resource_names.h"
#include "server/base/write_contents.h"
#include "server/capture/capture_folder.h"

namespace dissectd::server {
namespace {

absl::Status WriteAt(int fd, absl::string_view bytes, size_t offset) {
  const int error = WriteContents(fd, bytes, offset);
  if (error == 0) return absl::OkStatus();
  return CaptureFolderError("journal can't be written", error);
}

// Errors: those of OpenOwnFile, and DATA_LOSS, with a message like theirs.
absl::StatusOr<CaptureJournal> ReadJournalIn(int folder,
                                             const std::string& id) {
  ASSIGN_OR_RETURN(const OwnFile file, OpenOwnFile(folder, kJournalName));
  if (file.size == 0) return absl::DataLossError("is empty");
  std::optional<CaptureJournal> journal =
      DecodeJournal(ReadOwnFile(file.fd, file.size));
  if (!journal.has_value()) return absl::DataLossError("is damaged");
  if (journal->history.description().name() != CaptureName(id)) {
    return absl::DataLossError("is that of another capture");
  }
  return *std::move(journal);
}

// Writes a new file and gives it its name.
absl::StatusOr<UniqueFd> WriteNew(int folder, absl::string_view contents) {
  UniqueFd file(openat(folder, kNewJournalName,
                       O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                       kJournalMode));
  if (!file.valid()) {
    return CaptureFolderError("journal can't be made", errno);
  }
  absl::Status status = WriteAt(file.get(), contents, 0);
  if (status.ok() &&
      (fdatasync(file.get()) != 0 ||
       renameat(folder, kNewJournalName, folder, kJournalName) != 0)) {
    status = CaptureFolderError("journal can't be written", errno);
  }
  if (status.ok()) return file;
  unlinkat(folder, kNewJournalName, 0);
  return status;
}

}  // namespace

std::optional<CaptureJournal> ReadJournal(int root, const std::string& id) {
  const absl::StatusOr<UniqueFd> folder = OpenCaptureFolder(root, id);
  if (!folder.ok()) return std::nullopt;
  absl::StatusOr<CaptureJournal> journal = ReadJournalIn(folder->get(), id);
  if (journal.ok()) return *std::move(journal);
  // Files of a capture that was deleted have no journal.
  if (!absl::IsNotFound(journal.status())) {
    WarnOfOwnFile(id, kJournalName, journal.status().message(),
                  "the capture isn't known any more");
  }
  return std::nullopt;
}

absl::StatusOr<JournalFile> JournalFile::Create(int root, const std::string& id,
                                                absl::string_view contents) {
  ASSIGN_OR_RETURN(UniqueFd folder, OpenCaptureFolder(root, id));
  ASSIGN_OR_RETURN(UniqueFd file, WriteNew(folder.get(), contents));
  return JournalFile(std::move(folder), std::move(file), contents.size());
}

absl::StatusOr<JournalFile> JournalFile::Open(int root, const std::string& id,
                                              size_t size) {
  ASSIGN_OR_RETURN(UniqueFd folder, OpenCaptureFolder(root, id));
  UniqueFd file(
      openat(folder.get(), kJournalName, O_RDWR | O_NOFOLLOW | O_CLOEXEC));
  if (!file.valid() || ftruncate(file.get(), static_cast<off_t>(size)) != 0) {
    return CaptureFolderError("journal can't be opened", errno);
  }
  return JournalFile(std::move(folder), std::move(file), size);
}

absl::Status JournalFile::Append(absl::string_view entries, bool sync) {
  absl::Status status = WriteAt(file_.get(), entries, size_);
  if (status.ok() && sync && fdatasync(file_.get()) != 0) {
    status = CaptureFolderError("journal can't be written", errno);
  }
  if (!status.ok()) {
    // If this fails too, the next entries overwrite the incomplete one.
    if (ftruncate(file_.get(), static_cast<off_t>(size_)) != 0) return status;
    return status;
  }
  size_ += entries.size();
  if (size_ > max_size_) {
    // If compacting fails, the journal is still valid.
    Compact().IgnoreError();
    max_size_ = std::max(kMaxSize, 2 * size_);
  }
  return absl::OkStatus();
}

absl::Status JournalFile::Compact() {
  const std::optional<CaptureJournal> journal =
      DecodeJournal(ReadOwnFile(file_, size_));
  if (!journal.has_value() || journal->size != size_) {
    return CaptureFolderError("journal can't be read", EIO);
  }
  const std::string contents = EncodeHistory(journal->history);
  if (contents.size() >= size_) return absl::OkStatus();
  ASSIGN_OR_RETURN(file_, WriteNew(folder_.get(), contents));
  size_ = contents.size();
  return absl::OkStatus();
}

}  // namespace dissectd::server
