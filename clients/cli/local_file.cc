// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/local_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "clients/cli/closed_streams.h"
#include "clients/cli/exit_codes.h"
#include "clients/cli/interruption.h"
#include "clients/cli/pipe_input.h"
#include "clients/cli/utf8.h"

namespace dissectd::cli {
namespace {

constexpr char kStandardInput[] = "-";
// Stands for a character that a name of the API can't have.
constexpr absl::string_view kReplacement = "\ufffd";

absl::Status OpenError(const std::string& path, int error) {
  switch (error) {
    case ENOENT:
      return absl::NotFoundError(
          absl::StrCat("The file \"", path, "\" doesn't exist."));
    case EACCES:
      return absl::PermissionDeniedError(absl::StrCat(
          "You don't have permission to read the file \"", path, "\"."));
    case EISDIR:
      return absl::FailedPreconditionError(
          absl::StrCat("\"", path, "\" is a directory (folder), not a file."));
    default:
      return absl::FailedPreconditionError(
          absl::StrCat("The file \"", path,
                       "\" could not be opened: ", std::strerror(error), "."));
  }
}

absl::Status SpecialFileError(const std::string& path) {
  return absl::FailedPreconditionError(
      absl::StrCat("The file \"", path,
                   "\" is a \"special file\" or socket or other "
                   "non-regular file."));
}

// Returns the folder for temporary files.
const char* TemporaryFolder() {
  const char* folder = std::getenv("TMPDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/tmp";
}

// Writes all bytes. Returns an error number; 0 if all is well.
int WriteAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return 0;
}

// Copies a pipe up to its end, or until the command is interrupted, which then
// goes on with what has come. Returns an error number; 0 if all is well.
int CopyToEnd(ScopedFd from, int to) {
  PipeInput input(std::move(from));
  std::string data;
  {
    const OnInterrupt stop([&input] { input.Stop(); });
    while (input.Read(&data)) {
      const int error = WriteAll(to, data);
      if (error != 0) return error;
    }
  }
  ForgetInterruption();
  return input.error();
}

// Whether a character in UTF-8 is one of U+0000 to U+001F and U+007F to U+009F.
bool IsControlCharacter(absl::string_view character) {
  if (character.size() == 1) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(character[0]));
  }
  return character.size() == 2 && character[0] == '\xc2' &&
         static_cast<unsigned char>(character[1]) < 0xa0;
}

}  // namespace

absl::StatusOr<LocalFile> OpenLocalFile(const std::string& path) {
  // A named pipe is open only once it has a writer, and nothing else can end
  // that wait. There is nothing to clean up yet.
  const OnInterrupt give_up([] { std::_Exit(kExitBadInput); });
  LocalFile file;
  const bool is_input = IsStandardInput(path);
  file.fd = ScopedFd(is_input ? DuplicateStream(STDIN_FILENO)
                              : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status;
  if (file.fd.get() < 0 || fstat(file.fd.get(), &status) < 0) {
    return OpenError(path, errno);
  }
  if (S_ISDIR(status.st_mode)) return OpenError(path, EISDIR);
  // What another program has read of standard input isn't part of the capture.
  file.is_pipe = S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) ||
                 (is_input && (!S_ISREG(status.st_mode) ||
                               lseek(file.fd.get(), 0, SEEK_CUR) > 0));
  if (!file.is_pipe && !S_ISREG(status.st_mode)) return SpecialFileError(path);
  file.size = static_cast<uint64_t>(status.st_size);
  return file;
}

absl::StatusOr<LocalFile> ReadToEnd(LocalFile pipe, const std::string& path) {
  LocalFile file;
  file.fd = ScopedFd(open(TemporaryFolder(), O_TMPFILE | O_RDWR | O_CLOEXEC,
                          S_IRUSR | S_IWUSR));
  if (file.fd.get() < 0) return OpenError(path, errno);
  const int error = CopyToEnd(std::move(pipe.fd), file.fd.get());
  if (error != 0) return OpenError(path, error);
  struct stat status;
  if (fstat(file.fd.get(), &status) < 0) return OpenError(path, errno);
  file.size = static_cast<uint64_t>(status.st_size);
  return file;
}

absl::StatusOr<LocalFile> OpenWholeFile(const std::string& path) {
  absl::StatusOr<LocalFile> file = OpenLocalFile(path);
  if (file.ok() && file->is_pipe) return ReadToEnd(*std::move(file), path);
  return file;
}

bool IsStandardInput(const std::string& path) { return path == kStandardInput; }

bool IsLocalPipe(const std::string& path) {
  struct stat status;
  return IsStandardInput(path) ||
         (stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode));
}

std::string BaseName(const std::string& path) {
  const std::string base = ReplaceInvalidUtf8(path.substr(path.rfind('/') + 1));
  std::string name;
  name.reserve(base.size());
  absl::string_view rest = base;
  while (!rest.empty()) {
    const absl::string_view character =
        rest.substr(0, Utf8CharacterLength(rest));
    absl::StrAppend(&name,
                    IsControlCharacter(character) ? kReplacement : character);
    rest.remove_prefix(character.size());
  }
  return name;
}

}  // namespace dissectd::cli
