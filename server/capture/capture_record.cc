// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/capture_record.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "google/protobuf/io/zero_copy_stream_impl.h"
#include "google/protobuf/util/delimited_message_util.h"
#include "server/base/dir_ptr.h"
#include "server/base/errors.h"
#include "server/base/resource_names.h"
#include "server/base/unique_fd.h"
#include "server/store/file_store.h"

namespace dissectd::server {
namespace {

// Names that start with a dot are none of the store's files.
constexpr char kRecordName[] = ".capture";
constexpr char kNewRecordName[] = ".capture.new";
constexpr mode_t kFolderMode = 0755;
constexpr mode_t kRecordMode = 0600;

std::string FolderOf(absl::string_view id) {
  return absl::StrCat(kCapturesFolder, "/", id);
}

absl::Status RecordError(absl::string_view action, int error) {
  if (error == EACCES || error == EROFS) return errors::StoreReadOnly();
  return errors::FileSystemError(absl::StrCat("a capture's ", action), error);
}

absl::StatusOr<UniqueFd> OpenFolder(int root, const std::string& id) {
  UniqueFd folder(OpenBeneath(root, FolderOf(id), O_RDONLY | O_DIRECTORY));
  if (!folder.valid()) return RecordError("folder can't be opened", errno);
  return folder;
}

absl::Status WriteAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return RecordError("record can't be written", errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

std::vector<std::string> EntriesOf(UniqueFd folder) {
  std::vector<std::string> names;
  const DirPtr entries = OpenDir(folder.release());
  if (entries == nullptr) return names;
  while (const dirent* entry = readdir(entries.get())) {
    const absl::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool ReadRecord(int root, const std::string& id, CaptureRecord* record) {
  const UniqueFd file(OpenBeneath(
      root, absl::StrCat(FolderOf(id), "/", kRecordName), O_RDONLY));
  if (!file.valid()) return false;
  google::protobuf::io::FileInputStream stream(file.get());
  bool at_end = false;
  using google::protobuf::util::ParseDelimitedFromZeroCopyStream;
  if (!ParseDelimitedFromZeroCopyStream(&record->description, &stream,
                                        &at_end)) {
    return false;
  }
  std::deque<v1::CaptureEvent> events;
  v1::CaptureEvent event;
  while (ParseDelimitedFromZeroCopyStream(&event, &stream, &at_end)) {
    events.push_back(event);
    event.Clear();
  }
  record->log = CaptureLog(std::move(events));
  return record->description.name() == CaptureName(id);
}

}  // namespace

std::string SerializeRecord(const v1::Capture& description,
                            const CaptureLog& log) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  using google::protobuf::util::SerializeDelimitedToZeroCopyStream;
  SerializeDelimitedToZeroCopyStream(description, &stream);
  for (const v1::CaptureEvent& event : log.events()) {
    SerializeDelimitedToZeroCopyStream(event, &stream);
  }
  return bytes;
}

absl::Status MakeCaptureFolder(int root, const std::string& id) {
  const std::string all(kCapturesFolder);
  for (const std::string& path : {all, FolderOf(id)}) {
    const bool may_exist = path == all;
    if (mkdirat(root, path.c_str(), kFolderMode) != 0 &&
        !(may_exist && errno == EEXIST)) {
      return RecordError("folder can't be made", errno);
    }
  }
  return absl::OkStatus();
}

absl::Status WriteRecord(int root, const std::string& id,
                         const std::string& bytes) {
  ASSIGN_OR_RETURN(const UniqueFd folder, OpenFolder(root, id));
  const UniqueFd file(openat(
      folder.get(), kNewRecordName,
      O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, kRecordMode));
  if (!file.valid()) return RecordError("record can't be made", errno);
  RETURN_IF_ERROR(WriteAll(file.get(), bytes));
  if (fdatasync(file.get()) != 0 ||
      renameat(folder.get(), kNewRecordName, folder.get(), kRecordName) != 0) {
    return RecordError("record can't be written", errno);
  }
  return absl::OkStatus();
}

std::vector<CaptureRecord> ReadRecords(int root) {
  std::vector<CaptureRecord> records;
  UniqueFd folder(
      OpenBeneath(root, std::string(kCapturesFolder), O_RDONLY | O_DIRECTORY));
  if (!folder.valid()) return records;
  for (const std::string& id : EntriesOf(std::move(folder))) {
    CaptureRecord record;
    if (ReadRecord(root, id, &record)) records.push_back(std::move(record));
  }
  return records;
}

absl::Status DeleteCaptureFolder(int root, const std::string& id,
                                 bool delete_files) {
  ASSIGN_OR_RETURN(UniqueFd folder, OpenFolder(root, id));
  const UniqueFd again(dup(folder.get()));
  for (const std::string& name : EntriesOf(std::move(folder))) {
    const bool is_own = absl::StartsWith(name, ".");
    if (!is_own && !delete_files) continue;
    if (unlinkat(again.get(), name.c_str(), 0) != 0 && errno != ENOENT) {
      return RecordError("file can't be deleted", errno);
    }
  }
  // It stays if there are files in it.
  unlinkat(root, FolderOf(id).c_str(), AT_REMOVEDIR);
  return absl::OkStatus();
}

}  // namespace dissectd::server
