// SPDX-License-Identifier: GPL-2.0-or-later

// Applies the sandbox of each kind of worker in a child process, which then
// tries what a dissector that was taken over would.

#include "core/sandbox/worker_sandbox.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/sandbox/file_access.h"
#include "core/sandbox/process_rights.h"

namespace dissectd {
namespace {

using ipc::WorkerKind;

// In kSettings, the worker has a folder to write to, and in kPlainSettings
// none.
enum class Step { kEngine, kSettings, kPlainSettings, kReading };

// Returns an error number, or 0 if it succeeds.
using Attempt = std::function<int()>;

// The exit status of a child whose sandbox can't be set up.
constexpr int kNoSandbox = 250;

// The version of Landlock that keeps signals within a sandbox.
constexpr int kScopesSignals = 6;

template <typename... Arguments>
int Call(int number, Arguments... arguments) {
  return syscall(number, arguments...) < 0 ? errno : 0;
}

int Open(const std::string& path, int flags) {
  return Call(SYS_openat, AT_FDCWD, path.c_str(), flags, 0600);
}

int OpenAgain(int fd) {
  return Open("/proc/self/fd/" + std::to_string(fd), O_RDONLY);
}

int Execute(const char* program) {
  const char* const argv[] = {program, nullptr};
  return Call(SYS_execve, program, argv, environ);
}

int Fork() {
  const pid_t pid = fork();
  if (pid == 0) _exit(0);
  return pid < 0 ? errno : 0;
}

// Ends the new process at once, so that it runs on nobody's stack.
int Clone(int number) {
  const auto pid = syscall(number, SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) _exit(0);
  return pid < 0 ? errno : 0;
}

void Write(const std::string& path) { std::ofstream(path) << "content"; }

// What a worker keeps in the last step.
struct Rights {
  bool pass_workers = false;
  bool is_pass_worker = false;
  uint64_t max_written_bytes = 0;
};

class Sandbox {
 public:
  Sandbox(WorkerKind kind, Step step, const Rights& rights = {})
      : kind_(kind), step_(step), rights_(rights) {
    folder_ = std::string(std::getenv("TEST_TMPDIR")) + "/sandbox";
    std::filesystem::remove_all(folder_);
    for (const char* name : {"capture", "private", "other"}) {
      std::filesystem::create_directories(folder_ + "/" + name);
      Write(folder_ + "/" + name + "/file");
    }
    capture_ = open((folder_ + "/capture/file").c_str(), O_RDONLY | O_CLOEXEC);
  }
  ~Sandbox() { close(capture_); }
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  const std::string& folder() const { return folder_; }
  int capture() const { return capture_; }

  // Returns the result of an attempt in the sandbox.
  int Try(const Attempt& attempt) const {
    const int status = WaitStatusOf(attempt);
    EXPECT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
    EXPECT_NE(WEXITSTATUS(status), kNoSandbox);
    return WEXITSTATUS(status);
  }

  int WaitStatusOf(const Attempt& attempt) const {
    const pid_t pid = fork();
    if (pid == 0) _exit(Enter() ? attempt() : kNoSandbox);
    int status = 0;
    EXPECT_EQ(waitpid(pid, &status, 0), pid);
    return status;
  }

 private:
  bool Enter() const {
    KeepMemoryPrivate();
    SandboxOptions options;
    options.readable = {"/usr/lib", "/lib", "/lib64"};
    if (!GiveUpRights().ok() || !WorkerSandbox::Prepare(options).ok() ||
        !WorkerSandbox::ConfineEngine().ok()) {
      return false;
    }
    if (step_ == Step::kEngine) return true;
    WorkerSandbox::SetWorker(kind_, capture_);
    if (rights_.pass_workers) WorkerSandbox::AllowPassWorkers();
    const std::string writable =
        step_ == Step::kPlainSettings ? "" : folder_ + "/private";
    if (!WorkerSandbox::ConfineSettings(writable).ok()) return false;
    if (step_ != Step::kReading) return true;
    WorkerSandbox::AllowWriting(rights_.max_written_bytes);
    return WorkerSandbox::ConfineReading().ok() &&
           (!rights_.is_pass_worker || WorkerSandbox::ConfinePassWorker().ok());
  }

  const WorkerKind kind_;
  const Step step_;
  const Rights rights_;
  std::string folder_;
  int capture_ = -1;
};

constexpr WorkerKind kKinds[] = {
    WorkerKind::kDissection, WorkerKind::kLive,        WorkerKind::kStatistics,
    WorkerKind::kQuery,      WorkerKind::kEngineQuery, WorkerKind::kSession};

// Workers of sessions fork.
bool Forks(WorkerKind kind) { return kind == WorkerKind::kSession; }

class WorkerSandboxTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (kHasSanitizer) GTEST_SKIP() << "builds with sanitizers have no sandbox";
  }
};

// Sandboxes of all kinds from a step on.
std::vector<std::pair<WorkerKind, Step>> SandboxesFrom(Step first) {
  std::vector<std::pair<WorkerKind, Step>> all;
  for (const Step step :
       {Step::kEngine, Step::kSettings, Step::kPlainSettings, Step::kReading}) {
    if (step < first) continue;
    for (const WorkerKind kind : kKinds) all.emplace_back(kind, step);
  }
  return all;
}

using NamedAttempt = std::pair<const char*, Attempt>;

bool IsForbidden(int error) { return error == EPERM || error == EACCES; }

// Expects that the attempts fail in all sandboxes from a step on.
void ExpectForbidden(
    Step first, const std::vector<NamedAttempt>& attempts,
    const std::function<bool(WorkerKind)>& applies = [](WorkerKind) {
      return true;
    }) {
  for (const auto& [kind, step] : SandboxesFrom(first)) {
    if (!applies(kind)) continue;
    // Stays in one process. Returns the number of the first that doesn't fail.
    const int number = Sandbox(kind, step).Try([&attempts] {
      for (size_t i = 0; i < attempts.size(); ++i) {
        if (!IsForbidden(attempts[i].second())) return static_cast<int>(i) + 1;
      }
      return 0;
    });
    EXPECT_EQ(number, 0) << (number == 0 ? "" : attempts[number - 1].first)
                         << " in kind " << static_cast<int>(kind) << ", step "
                         << static_cast<int>(step);
  }
}

void ExpectForbidden(const char* what, Step first, const Attempt& attempt) {
  ExpectForbidden(first, {{what, attempt}});
}

TEST_F(WorkerSandboxTest, ForbidsTheNetwork) {
  for (const int family : {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK, AF_PACKET}) {
    ExpectForbidden("socket", Step::kEngine, [family] {
      return Call(SYS_socket, family, SOCK_DGRAM, 0);
    });
  }
  const int inherited = socket(AF_INET, SOCK_DGRAM, 0);
  ASSERT_GE(inherited, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(9);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const Attempt connects = [&] {
    return Call(SYS_connect, inherited, &address, sizeof(address));
  };
  EXPECT_EQ(connects(), 0);
  ExpectForbidden("connect", Step::kEngine, connects);
  ExpectForbidden("bind", Step::kEngine, [&] {
    return Call(SYS_bind, inherited, &address, sizeof(address));
  });
  close(inherited);
  ExpectForbidden("socketpair", Step::kPlainSettings, [] {
    int pair[2];
    return Call(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, pair);
  });
}

TEST_F(WorkerSandboxTest, ForbidsWhatReachesOtherProcessesAndTheKernel) {
  const pid_t parent = getpid();
  iovec local = {&local, sizeof(local)};
  const std::vector<NamedAttempt> attempts = {
      {"ptrace", [] { return Call(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0); }},
      {"process_vm_readv",
       [&] {
         return Call(SYS_process_vm_readv, parent, &local, 1, &local, 1, 0);
       }},
      {"process_vm_writev",
       [&] {
         return Call(SYS_process_vm_writev, parent, &local, 1, &local, 1, 0);
       }},
      {"prlimit of the parent",
       [&] {
         rlimit limit = {};
         return Call(SYS_prlimit64, parent, RLIMIT_NOFILE, nullptr, &limit);
       }},
      {"pidfd_open", [&] { return Call(SYS_pidfd_open, parent, 0); }},
      {"tkill", [&] { return Call(SYS_tkill, parent, 0); }},
      {"bpf", [] { return Call(SYS_bpf, 0, nullptr, 0); }},
      {"perf_event_open",
       [] { return Call(SYS_perf_event_open, nullptr, 0, -1, -1, 0); }},
      {"userfaultfd", [] { return Call(SYS_userfaultfd, 0); }},
      {"io_uring_setup", [] { return Call(SYS_io_uring_setup, 1, nullptr); }},
      {"add_key", [] { return Call(SYS_add_key, "user", "x", "y", 1, -3); }},
      {"keyctl", [] { return Call(SYS_keyctl, 0, -3, 0); }},
      {"mount", [] { return Call(SYS_mount, "none", "/", "tmpfs", 0, 0); }},
      {"umount", [] { return Call(SYS_umount2, "/", 0); }},
      {"unshare", [] { return Call(SYS_unshare, CLONE_NEWUSER); }},
      {"clone", [] { return Call(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0); }},
      {"setns", [] { return Call(SYS_setns, 0, 0); }},
      {"chroot", [] { return Call(SYS_chroot, "/"); }},
      {"open_by_handle_at",
       [] { return Call(SYS_open_by_handle_at, 0, nullptr, 0); }},
      {"mknod", [] { return Call(SYS_mknodat, AT_FDCWD, "x", S_IFCHR, 0); }},
      {"setuid", [] { return Call(SYS_setuid, 1); }},
      {"setresuid", [] { return Call(SYS_setresuid, 1, 1, 1); }},
      {"setgroups", [] { return Call(SYS_setgroups, 0, nullptr); }},
      {"personality", [] { return Call(SYS_personality, 0); }},
      {"init_module", [] { return Call(SYS_init_module, nullptr, 0, ""); }},
      {"kexec_load", [] { return Call(SYS_kexec_load, 0, 0, nullptr, 0); }},
      {"reboot", [] { return Call(SYS_reboot, 0, 0, 0, nullptr); }},
      {"settimeofday", [] { return Call(SYS_settimeofday, nullptr, nullptr); }},
      {"dumpable", [] { return Call(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0); }},
      {"outliving the parent",
       [] { return Call(SYS_prctl, PR_SET_PDEATHSIG, 0, 0, 0, 0); }},
  };
  ExpectForbidden(Step::kEngine, attempts);
}

TEST_F(WorkerSandboxTest, ForbidsSignalsToOthers) {
  const pid_t parent = getpid();
  const auto kills = [parent] { return Call(SYS_kill, parent, 0); };
  const auto signals = [parent] { return Call(SYS_tgkill, parent, parent, 0); };
  for (const WorkerKind kind : kKinds) {
    const Sandbox sandbox(kind, Step::kReading);
    if (!Forks(kind)) {
      EXPECT_EQ(sandbox.Try(kills), EPERM);
      EXPECT_EQ(Sandbox(kind, Step::kPlainSettings).Try(kills), EPERM);
    }
    if (LandlockVersion() < kScopesSignals) continue;
    EXPECT_EQ(sandbox.Try(kills), EPERM);
    EXPECT_EQ(sandbox.Try(signals), EPERM);
    EXPECT_EQ(Sandbox(kind, Step::kSettings).Try(kills), EPERM);
    // A worker that forks has to be able to kill.
    EXPECT_EQ(Sandbox(kind, Step::kReading, {true}).Try(kills), EPERM);
  }
}

TEST_F(WorkerSandboxTest, ForbidsPrograms) {
  ExpectForbidden("execve", Step::kPlainSettings,
                  [] { return Execute("/bin/true"); });
  ExpectForbidden("execveat", Step::kEngine, [] {
    return Call(SYS_execveat, AT_FDCWD, "/bin/true", nullptr, environ, 0);
  });
  // The engine may execute programs.
  EXPECT_EQ(Sandbox(WorkerKind::kEngineQuery, Step::kEngine).Try([] {
    return Execute("/bin/true");
  }),
            0);
  if (LandlockVersion() == 0) return;
  ExpectForbidden("execve", Step::kSettings,
                  [] { return Execute("/bin/true"); });
}

TEST_F(WorkerSandboxTest, ForbidsForksAndThreads) {
  const std::vector<NamedAttempt> attempts = {
      {"fork", Fork},
      {"SYS_fork", [] { return Clone(SYS_fork); }},
      {"SYS_clone", [] { return Clone(SYS_clone); }},
      {"SYS_clone3",
       [] {
         clone_args arguments = {};
         return Call(SYS_clone3, &arguments, sizeof(arguments));
       }},
      {"a thread",
       [] {
         return Call(SYS_clone, CLONE_THREAD | CLONE_SIGHAND | CLONE_VM, 0, 0,
                     0, 0);
       }},
  };
  ExpectForbidden(Step::kPlainSettings, attempts,
                  [](WorkerKind kind) { return !Forks(kind); });
}

TEST_F(WorkerSandboxTest, OnlySessionsAndSecondPassesForkWhileTheyRead) {
  const WorkerKind kind = WorkerKind::kDissection;
  for (const Step step : {Step::kPlainSettings, Step::kReading}) {
    EXPECT_EQ(Sandbox(kind, step, {true}).Try(Fork), 0);
  }
  for (const Step step : {Step::kPlainSettings, Step::kReading}) {
    EXPECT_EQ(Sandbox(WorkerKind::kSession, step).Try(Fork), 0);
  }
  EXPECT_EQ(Sandbox(kind, Step::kReading, {true, true}).Try(Fork), EPERM);
  EXPECT_EQ(Sandbox(kind, Step::kReading, {false, true}).Try(Fork), EPERM);
}

TEST_F(WorkerSandboxTest, ForbidsNewFilesInMemory) {
  ExpectForbidden("memfd_create", Step::kReading,
                  [] { return Call(SYS_memfd_create, "test", MFD_CLOEXEC); });
}

TEST_F(WorkerSandboxTest, FilesThatAreOpenDoNotGrow) {
  for (const WorkerKind kind : kKinds) {
    for (const bool in_memory : {false, true}) {
      const Sandbox sandbox(kind, Step::kReading);
      const Sandbox exporting(kind, Step::kReading, {false, false, 3});
      const std::string path = sandbox.folder() + "/other/written";
      const int fd = in_memory ? memfd_create("test", MFD_CLOEXEC)
                               : open(path.c_str(), O_RDWR | O_CREAT, 0600);
      ASSERT_GE(fd, 0);
      std::signal(SIGXFSZ, SIG_IGN);
      EXPECT_EQ(sandbox.Try([fd] { return Call(SYS_pwrite64, fd, "x", 1, 0); }),
                EFBIG);
      EXPECT_EQ(sandbox.Try([fd] { return Call(SYS_ftruncate, fd, 1); }),
                EFBIG);
      EXPECT_EQ(
          exporting.Try([fd] { return Call(SYS_pwrite64, fd, "xyz", 3, 0); }),
          0);
      EXPECT_EQ(
          exporting.Try([fd] { return Call(SYS_pwrite64, fd, "x", 1, 3); }),
          EFBIG);
      close(fd);
    }
  }
}

TEST_F(WorkerSandboxTest, ForbidsOtherFiles) {
  if (LandlockVersion() == 0) GTEST_SKIP() << "the kernel has no Landlock";
  ExpectForbidden("/etc/passwd", Step::kSettings,
                  [] { return Open("/etc/passwd", O_RDONLY); });
  ExpectForbidden("/", Step::kSettings,
                  [] { return Open("/", O_RDONLY | O_DIRECTORY); });
  ExpectForbidden("/proc/1/maps", Step::kSettings,
                  [] { return Open("/proc/1/status", O_RDONLY); });
  for (const auto& [kind, step] : SandboxesFrom(Step::kSettings)) {
    const Sandbox sandbox(kind, step);
    const std::string folder = sandbox.folder();
    const auto in = [&](const std::string& name, int flags) {
      return sandbox.Try([&] { return Open(folder + name, flags); });
    };
    EXPECT_EQ(in("/other/file", O_RDONLY), EACCES);
    EXPECT_EQ(in("/other/new", O_WRONLY | O_CREAT), EACCES);
    EXPECT_EQ(in("/capture/file", O_WRONLY), EACCES);
    EXPECT_EQ(in("/capture/../other/file", O_RDONLY), EACCES);
    const bool writes = step == Step::kSettings;
    EXPECT_EQ(in("/private/file", O_WRONLY), writes ? 0 : EACCES);
    EXPECT_EQ(sandbox.Try([&] {
      return Call(SYS_mkdirat, AT_FDCWD, (folder + "/private/sub").c_str(),
                  0700);
    }),
              writes ? 0 : EPERM);
    // A descriptor that a worker has by mistake can't be opened again.
    const int other = open((folder + "/other/file").c_str(), O_RDONLY);
    EXPECT_EQ(sandbox.Try([&] { return OpenAgain(other); }), EACCES);
    close(other);
  }
}

TEST_F(WorkerSandboxTest, AllowsTheCaptureAndFilesInMemory) {
  for (const auto& [kind, step] : SandboxesFrom(Step::kSettings)) {
    const Sandbox sandbox(kind, step);
    EXPECT_EQ(sandbox.Try([&] { return OpenAgain(sandbox.capture()); }), 0);
    const int in_memory = memfd_create("test", MFD_CLOEXEC);
    EXPECT_EQ(sandbox.Try([in_memory] { return OpenAgain(in_memory); }), 0);
    close(in_memory);
    if (step == Step::kReading) continue;
    EXPECT_EQ(sandbox.Try([] {
      const int fd = memfd_create("test", MFD_CLOEXEC);
      return fd < 0 ? errno : OpenAgain(fd);
    }),
              0);
  }
}

TEST_F(WorkerSandboxTest, AllowsTheNextFileOfALiveCapture) {
  const std::string folder =
      std::string(std::getenv("TEST_TMPDIR")) + "/sandbox/capture";
  for (const WorkerKind kind : {WorkerKind::kLive, WorkerKind::kStatistics}) {
    const Sandbox sandbox(kind, Step::kReading);
    Write(folder + "/next");
    const int next = open((folder + "/next").c_str(), O_RDONLY);
    EXPECT_EQ(sandbox.Try([next] { return OpenAgain(next); }), 0);
    close(next);
  }
}

TEST_F(WorkerSandboxTest, LeavesNoCoreDump) {
  rlimit limit = {};
  getrlimit(RLIMIT_CORE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_CORE, &limit);
  for (const auto& [kind, step] : SandboxesFrom(Step::kEngine)) {
    const int status = Sandbox(kind, step).WaitStatusOf([] {
      std::signal(SIGSEGV, SIG_DFL);
      return std::raise(SIGSEGV);
    });
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), SIGSEGV);
    EXPECT_FALSE(WCOREDUMP(status));
  }
}

TEST_F(WorkerSandboxTest, LimitsCannotBeRaised) {
  for (const auto& [kind, step] : SandboxesFrom(Step::kEngine)) {
    EXPECT_EQ(Sandbox(kind, step).Try([] {
      const rlimit lower = {64, 64};
      const rlimit higher = {64, 65};
      const int lowered = setrlimit(RLIMIT_NOFILE, &lower) != 0 ? errno : 0;
      if (lowered != 0) return lowered;
      return setrlimit(RLIMIT_NOFILE, &higher) != 0 ? errno : 0;
    }),
              EPERM);
  }
}

TEST_F(WorkerSandboxTest, PrioritiesCanOnlyBeLoweredAndOnlyOnesOwn) {
  const pid_t parent = getpid();
  for (const auto& [kind, step] : SandboxesFrom(Step::kEngine)) {
    const Sandbox sandbox(kind, step);
    EXPECT_EQ(
        sandbox.Try([] { return Call(SYS_setpriority, PRIO_PROCESS, 0, 19); }),
        0);
    EXPECT_EQ(sandbox.Try([] {
      Call(SYS_setpriority, PRIO_PROCESS, 0, 19);
      return Call(SYS_setpriority, PRIO_PROCESS, 0, 0);
    }),
              EACCES);
    EXPECT_EQ(sandbox.Try([parent] {
      return Call(SYS_setpriority, PRIO_PROCESS, parent, 19);
    }),
              EPERM);
  }
}

// Returns the lines of /proc/self/status that begin with `name`.
std::string StatusLine(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(name, 0) == 0) return line;
  }
  return "";
}

TEST_F(WorkerSandboxTest, LeavesNoCapability) {
  const Sandbox sandbox(WorkerKind::kEngineQuery, Step::kEngine);
  for (const char* set : {"CapInh:", "CapPrm:", "CapEff:", "CapAmb:"}) {
    EXPECT_EQ(sandbox.Try([set] {
      return StatusLine(set) == std::string(set) + "\t0000000000000000" ? 0 : 1;
    }),
              0)
        << set;
  }
  EXPECT_EQ(sandbox.Try([] {
    return StatusLine("NoNewPrivs:") == "NoNewPrivs:\t1" ? 0 : 1;
  }),
            0);
}

}  // namespace
}  // namespace dissectd
