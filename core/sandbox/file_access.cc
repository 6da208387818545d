// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/sandbox/file_access.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "absl/cleanup/cleanup.h"
#include "core/base/status_macros.h"

namespace dissectd {
namespace {

// From linux/landlock.h, which is older on Debian 12 than kernels that it runs
// on.
constexpr uint64_t kExecute = 1u << 0;
constexpr uint64_t kWriteFile = 1u << 1;
constexpr uint64_t kReadFile = 1u << 2;
constexpr uint64_t kReadFolder = 1u << 3;
// Removing and making files and folders of each type.
constexpr uint64_t kChangeFolder = 0x1ff0;
constexpr uint64_t kMoveBetweenFolders = 1u << 13;
constexpr uint64_t kTruncate = 1u << 14;
constexpr uint64_t kIoctlOfDevice = 1u << 15;

constexpr uint64_t kBindTcp = 1u << 0;
constexpr uint64_t kConnectTcp = 1u << 1;

constexpr uint64_t kAbstractSockets = 1u << 0;
constexpr uint64_t kSignals = 1u << 1;

constexpr uint64_t kRead = kReadFile | kReadFolder;
constexpr uint64_t kChange =
    kWriteFile | kChangeFolder | kMoveBetweenFolders | kTruncate;
// The rights that a rule for something other than a folder can have.
constexpr uint64_t kFileRights =
    kExecute | kWriteFile | kReadFile | kTruncate | kIoctlOfDevice;

constexpr uint32_t kAskVersion = 1;
constexpr int kPathBeneath = 1;

// What a ruleset forbids unless a rule allows it.
struct Handled {
  uint64_t files;
  uint64_t network;
  // Not known to versions before 6.
  uint64_t scoped;
};

struct PathBeneath {
  uint64_t allowed;
  int32_t parent_fd;
} __attribute__((packed));

// Returns the rights that this version of Landlock knows.
uint64_t KnownRights(int version) {
  uint64_t known = kExecute | kRead | kWriteFile | kChangeFolder;
  if (version >= 2) known |= kMoveBetweenFolders;
  if (version >= 3) known |= kTruncate;
  if (version >= 5) known |= kIoctlOfDevice;
  return known;
}

size_t SizeOfHandled(int version) {
  if (version >= 6) return sizeof(Handled);
  return version >= 4 ? offsetof(Handled, scoped) : offsetof(Handled, network);
}

absl::Status Error(const char* what) {
  const int error = errno;
  return absl::InternalError(absl::ErrnoToStatus(error, what).message());
}

// A set of rules that restricts this thread once it is complete.
class Ruleset {
 public:
  ~Ruleset() {
    if (fd_ >= 0) close(fd_);
  }
  Ruleset(const Ruleset&) = delete;
  Ruleset& operator=(const Ruleset&) = delete;
  Ruleset() = default;

  absl::Status Create(int version, const Handled& handled) {
    handled_files_ = handled.files & KnownRights(version);
    Handled known = handled;
    known.files = handled_files_;
    fd_ = static_cast<int>(syscall(SYS_landlock_create_ruleset, &known,
                                   SizeOfHandled(version), 0));
    return fd_ >= 0 ? absl::OkStatus() : Error("landlock_create_ruleset");
  }

  // Allows `rights` to a file, or to all that is below a folder.
  absl::Status Allow(int fd, uint64_t rights) const {
    struct stat status = {};
    if (fstat(fd, &status) != 0) return Error("fstat");
    if (!S_ISDIR(status.st_mode)) rights &= kFileRights;
    const PathBeneath rule = {rights & handled_files_, fd};
    if (rule.allowed == 0 ||
        syscall(SYS_landlock_add_rule, fd_, kPathBeneath, &rule, 0) == 0) {
      return absl::OkStatus();
    }
    // Pipes and files in memory are in no folder, and need no rule.
    return errno == EBADFD ? absl::OkStatus() : Error("landlock_add_rule");
  }

  absl::Status Allow(const std::vector<std::string>& paths,
                     uint64_t rights) const {
    for (const std::string& path : paths) {
      const int fd = open(path.c_str(), O_PATH | O_CLOEXEC);
      if (fd < 0) continue;
      const absl::Cleanup close_fd = [fd] { close(fd); };
      RETURN_IF_ERROR(Allow(fd, rights));
    }
    return absl::OkStatus();
  }

  absl::Status Restrict() const {
    return syscall(SYS_landlock_restrict_self, fd_, 0) == 0
               ? absl::OkStatus()
               : Error("landlock_restrict_self");
  }

 private:
  int fd_ = -1;
  uint64_t handled_files_ = 0;
};

}  // namespace

int LandlockVersion() {
  const auto version =
      syscall(SYS_landlock_create_ruleset, nullptr, 0, kAskVersion);
  return version < 0 ? 0 : static_cast<int>(version);
}

absl::Status RestrictFiles(const FileAccess& access) {
  const int version = LandlockVersion();
  if (version == 0) return absl::OkStatus();
  Handled handled = {kExecute | kRead | kChange | kIoctlOfDevice, 0,
                     kAbstractSockets | kSignals};
  if (!access.network) handled.network = kBindTcp | kConnectTcp;
  Ruleset rules;
  RETURN_IF_ERROR(rules.Create(version, handled));
  RETURN_IF_ERROR(rules.Allow(access.readable, kRead));
  RETURN_IF_ERROR(rules.Allow(access.writable, kRead | kChange));
  RETURN_IF_ERROR(rules.Allow(access.executable, kReadFile | kExecute));
  for (const int fd : access.readable_files) {
    RETURN_IF_ERROR(rules.Allow(fd, kRead));
  }
  return rules.Restrict();
}

absl::Status ForbidWritingFiles() {
  const int version = LandlockVersion();
  if (version == 0) return absl::OkStatus();
  Ruleset rules;
  RETURN_IF_ERROR(rules.Create(version, {kExecute | kChange, 0, 0}));
  return rules.Restrict();
}

}  // namespace dissectd
