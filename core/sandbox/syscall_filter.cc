// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/sandbox/syscall_filter.h"

#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <memory>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "core/base/status_macros.h"
#include "core/sandbox/syscall_lists.h"

namespace dissectd {
namespace {

struct FilterDeleter {
  void operator()(scmp_filter_ctx filter) const { seccomp_release(filter); }
};
using FilterPtr = std::unique_ptr<void, FilterDeleter>;

// Each of them makes a namespace.
constexpr uint64_t kNewNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP |
                                    CLONE_NEWUTS | CLONE_NEWIPC |
                                    CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

// The options of prctl that change nothing, or take rights away.
constexpr int kPrctlOptions[] = {
    PR_SET_NAME,         PR_GET_NAME,         PR_GET_PDEATHSIG,
    PR_GET_DUMPABLE,     PR_CAPBSET_READ,     PR_CAPBSET_DROP,
    PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS, PR_SET_CHILD_SUBREAPER,
};

// Adds rules to a filter, and remembers the first error.
class Rules {
 public:
  explicit Rules(scmp_filter_ctx filter) : filter_(filter) {}

  void Allow(int syscall, const std::vector<scmp_arg_cmp>& arguments = {}) {
    Add(SCMP_ACT_ALLOW, syscall, arguments);
  }
  void AllowAll(absl::Span<const int> syscalls) {
    for (const int syscall : syscalls) Allow(syscall);
  }
  // Makes a call fail as if the kernel didn't have it.
  void Hide(int syscall) { Add(SCMP_ACT_ERRNO(ENOSYS), syscall, {}); }

  int error() const { return error_; }

 private:
  void Add(uint32_t action, int syscall,
           const std::vector<scmp_arg_cmp>& arguments) {
    const int result = seccomp_rule_add_array(
        filter_, action, syscall, static_cast<unsigned>(arguments.size()),
        arguments.data());
    if (error_ == 0) error_ = result;
  }

  const scmp_filter_ctx filter_;
  int error_ = 0;
};

scmp_arg_cmp Equal(unsigned argument, uint64_t value) {
  return {argument, SCMP_CMP_EQ, value, 0};
}

void AddRules(const SyscallRights& rights, Rules* rules) {
  rules->AllowAll(kAlwaysAllowed);
  for (const unsigned request : kIoctls) {
    rules->Allow(SCMP_SYS(ioctl), {Equal(1, request)});
  }
  for (const int option : kPrctlOptions) {
    rules->Allow(SCMP_SYS(prctl), {Equal(0, static_cast<uint64_t>(option))});
  }
  rules->Allow(SCMP_SYS(prctl), {Equal(0, PR_SET_DUMPABLE), Equal(1, 0)});
  rules->Allow(SCMP_SYS(prctl),
               {Equal(0, PR_SET_PDEATHSIG), Equal(1, SIGKILL)});
  // The priority of this thread, which the kernel lets it lower only.
  rules->Allow(SCMP_SYS(setpriority), {Equal(0, PRIO_PROCESS), Equal(1, 0)});
  // Limits of this process only.
  rules->Allow(SCMP_SYS(prlimit64), {Equal(0, 0)});
  if (rights.memory_files) rules->Allow(SCMP_SYS(memfd_create));
  if (rights.change_folders) rules->AllowAll(kChangesFolders);
  if (rights.fork) {
    rules->AllowAll(kForks);
    rules->Allow(SCMP_SYS(clone), {{0, SCMP_CMP_MASKED_EQ, kNewNamespaces, 0}});
    // Its flags are in memory, where a filter can't look at them. The C library
    // calls clone instead.
    rules->Hide(SCMP_SYS(clone3));
  }
  if (rights.supervise) rules->AllowAll(kSupervises);
  if (rights.execute) rules->AllowAll(kExecutes);
  if (rights.network) {
    rules->AllowAll(kUsesNetwork);
    rules->Allow(SCMP_SYS(socket), {Equal(0, AF_INET)});
    rules->Allow(SCMP_SYS(socket), {Equal(0, AF_INET6)});
  }
}

absl::Status Error(absl::string_view what, int error) {
  return absl::InternalError(
      absl::StrCat(what, ": ", absl::ErrnoToStatus(error, "").message()));
}

// Returns the filter as the kernel takes it.
absl::StatusOr<std::vector<sock_filter>> CodeOf(scmp_filter_ctx filter) {
  const int fd = memfd_create("seccomp", MFD_CLOEXEC);
  if (fd < 0) return Error("memfd_create", errno);
  const absl::Cleanup close_fd = [fd] { close(fd); };
  const int exported = seccomp_export_bpf(filter, fd);
  if (exported != 0) return Error("seccomp_export_bpf", -exported);
  struct stat status = {};
  if (fstat(fd, &status) != 0) return Error("fstat", errno);
  const auto bytes = static_cast<size_t>(status.st_size);
  std::vector<sock_filter> code(bytes / sizeof(sock_filter));
  if (pread(fd, code.data(), bytes, 0) != static_cast<ssize_t>(bytes)) {
    return Error("pread", errno);
  }
  return code;
}

}  // namespace

absl::StatusOr<SyscallFilter> SyscallFilter::Compile(
    const SyscallRights& rights) {
  const FilterPtr filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  if (filter == nullptr) return Error("seccomp_init", ENOMEM);
  // Makes the filter a binary tree instead of a list.
  seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
  Rules rules(filter.get());
  AddRules(rights, &rules);
  if (rules.error() != 0) return Error("seccomp_rule_add", -rules.error());
  ASSIGN_OR_RETURN(std::vector<sock_filter> code, CodeOf(filter.get()));
  return SyscallFilter(std::move(code));
}

absl::Status SyscallFilter::Load() const {
  // The kernel doesn't change the code.
  const sock_fprog program = {static_cast<uint16_t>(code_.size()),
                              const_cast<sock_filter*>(code_.data())};
  const auto result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                              SECCOMP_FILTER_FLAG_TSYNC, &program);
  if (result == 0) return absl::OkStatus();
  if (result > 0) return Error("a thread can't be restricted", EPERM);
  const absl::Status error = Error("seccomp", errno);
  return errno == ENOSYS || errno == EINVAL
             ? absl::UnimplementedError(error.message())
             : error;
}

}  // namespace dissectd
