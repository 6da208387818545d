// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/object_export.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "clients/cli/error_text.h"
#include "clients/cli/file_error_text.h"
#include "clients/cli/interruption.h"
#include "clients/cli/scoped_fd.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/terminal_text.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {
namespace {

constexpr mode_t kFolderMode = 0755;
constexpr mode_t kFileMode = 0644;
// The longest name of a file.
constexpr size_t kMaxNameBytes = 255;
// tshark stops here, too.
constexpr int kMaxSameNames = 1000;

// Makes a folder with those above it. Returns an error number; 0 if all is
// well.
int MakeFolders(const std::string& path) {
  if (path.empty()) return EINVAL;
  for (size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    if (mkdir(part.c_str(), kFolderMode) != 0 && errno != EEXIST) {
      const int error = errno;
      struct stat status;
      const bool exists =
          stat(part.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
      if (!exists) return error;
    }
    if (end == std::string::npos) break;
  }
  struct stat status;
  if (stat(path.c_str(), &status) != 0) return errno;
  return S_ISDIR(status.st_mode) ? 0 : ENOTDIR;
}

// Whether a name is that of a file in a folder, and of nothing elsewhere.
bool IsPlainName(absl::string_view name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find('/') == absl::string_view::npos &&
         name.find('\0') == absl::string_view::npos;
}

// Writes objects one after the other to files of a folder.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string folder) : folder_(std::move(folder)) {}

  absl::Status Begin(const v1::ExportObject& object);
  absl::Status Write(absl::string_view bytes);

 private:
  absl::Status Failure(int error) const {
    return absl::FailedPreconditionError(
        absl::StrCat("The object \"", name_, "\" can't be written to \"",
                     folder_, "\": ", std::strerror(error), "."));
  }

  const std::string folder_;
  std::string name_;
  // The names of the objects before, without numbers.
  std::set<std::string> names_;
  ScopedFd file_;
};

absl::Status ObjectWriter::Begin(const v1::ExportObject& object) {
  name_ = IsPlainName(object.export_name())
              ? object.export_name()
              : absl::StrCat("object", object.frame_number());
  // The daemon numbers objects of the same name as if the folder were empty.
  const std::string plain = UnnumberedName(name_);
  if (names_.count(plain) > 0) name_ = plain;
  names_.insert(name_);
  for (int count = 0; count <= kMaxSameNames; ++count) {
    const std::string path =
        absl::StrCat(folder_, "/", NumberedName(name_, count));
    file_ = ScopedFd(open(path.c_str(),
                          O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                          kFileMode));
    if (file_.get() >= 0) return absl::OkStatus();
    if (errno != EEXIST) return Failure(errno);
  }
  return Failure(EEXIST);
}

absl::Status ObjectWriter::Write(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failure(errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

// Writes what the call sends. Returns the first error of writing; `status` gets
// that of the call.
absl::Status WriteAll(const std::shared_ptr<grpc::Channel>& channel,
                      const v1::ReadExportObjectsRequest& request,
                      ObjectWriter* writer, grpc::Status* status) {
  grpc::ClientContext context;
  const OnInterrupt cancel([&context] { context.TryCancel(); });
  const auto reader = v1::AnalysisService::NewStub(channel)->ReadExportObjects(
      &context, request);
  v1::ReadExportObjectsResponse response;
  absl::Status written;
  while (written.ok() && reader->Read(&response)) {
    if (response.has_object()) {
      written = writer->Begin(response.object());
    } else if (response.has_chunk()) {
      written = writer->Write(response.chunk());
    }
  }
  if (!written.ok()) context.TryCancel();
  *status = reader->Finish();
  return written;
}

}  // namespace

ObjectExport ParseObjectExport(const std::string& given) {
  const size_t comma = given.find(',');
  if (comma == std::string::npos) return {};
  return {given.substr(0, comma), given.substr(comma + 1)};
}

std::string NumberedName(const std::string& name, int count) {
  if (count == 0) return name;
  const size_t dot = name.rfind('.');
  const std::string end = absl::StrCat(
      "(", count, ")", dot == std::string::npos ? "" : name.substr(dot));
  const std::string stem = name.substr(0, dot);
  const size_t room = kMaxNameBytes - std::min(end.size(), kMaxNameBytes);
  return stem.substr(0, room) + end;
}

std::string UnnumberedName(const std::string& name) {
  const std::string stem = name.substr(0, name.rfind('.'));
  const size_t open = stem.rfind('(');
  if (open == std::string::npos || stem.back() != ')') return name;
  const std::string digits = stem.substr(open + 1, stem.size() - open - 2);
  const bool is_number =
      !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) {
        return '0' <= c && c <= '9';
      });
  return is_number ? stem.substr(0, open) + name.substr(stem.size()) : name;
}

ExitCode ExportObjects(const std::shared_ptr<grpc::Channel>& channel,
                       const std::string& given,
                       const v1::AnalysisSource& source,
                       const PrintOptions& print) {
  const ObjectExport wanted = ParseObjectExport(given);
  if (wanted.protocol.empty()) {
    PrintError("\"--export-objects\" are specified as: <protocol>,<destdir>");
    return kExitBadOption;
  }
  if (const int error = MakeFolders(wanted.folder); error != 0) {
    std::fprintf(stderr,
                 "Failed to create export objects output directory \"%s\": "
                 "%s\n",
                 Printable(wanted.folder, LineBreaks::kEscape).c_str(),
                 std::strerror(error));
    return print.as_tshark ? kExitOk : kExitOutput;
  }
  v1::ReadExportObjectsRequest request;
  *request.mutable_source() = source;
  request.set_type(wanted.protocol);
  ObjectWriter writer(wanted.folder);
  grpc::Status status;
  const absl::Status written = WriteAll(channel, request, &writer, &status);
  if (!written.ok()) {
    PrintError(written.message());
    return print.as_tshark ? kExitBadInput : kExitOutput;
  }
  if (status.ok()) return kExitOk;
  if (WasInterrupted()) return kExitBadInput;
  PrintError(FileErrorText(status, print.capture_name));
  return ExitCodeOf(status);
}

}  // namespace dissectd::cli
