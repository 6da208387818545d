// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SANDBOX_SYSCALL_LISTS_H_
#define CORE_SANDBOX_SYSCALL_LISTS_H_

#include <seccomp.h>

// The system calls of the lists in syscall_filter.h. Those that an architecture
// doesn't have are ignored there.
namespace dissectd {

// Memory, descriptors, time, signals to oneself, and reading files.
inline constexpr int kAlwaysAllowed[] = {
    SCMP_SYS(access),
    SCMP_SYS(alarm),
    SCMP_SYS(arch_prctl),
    SCMP_SYS(brk),
    SCMP_SYS(capget),
    SCMP_SYS(capset),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(close),
    SCMP_SYS(close_range),
    SCMP_SYS(dup),
    SCMP_SYS(dup2),
    SCMP_SYS(dup3),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(fadvise64),
    SCMP_SYS(fcntl),
    SCMP_SYS(fdatasync),
    SCMP_SYS(flock),
    SCMP_SYS(fstat),
    SCMP_SYS(fstatfs),
    SCMP_SYS(fsync),
    SCMP_SYS(ftruncate),
    SCMP_SYS(futex),
    SCMP_SYS(get_robust_list),
    SCMP_SYS(getcpu),
    SCMP_SYS(getcwd),
    SCMP_SYS(getdents64),
    SCMP_SYS(getegid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getgroups),
    SCMP_SYS(getpeername),
    SCMP_SYS(getpgid),
    SCMP_SYS(getpgrp),
    SCMP_SYS(getpid),
    SCMP_SYS(getppid),
    SCMP_SYS(getrandom),
    SCMP_SYS(getresgid),
    SCMP_SYS(getresuid),
    SCMP_SYS(getrlimit),
    SCMP_SYS(getrusage),
    SCMP_SYS(getsid),
    SCMP_SYS(getsockname),
    SCMP_SYS(getsockopt),
    SCMP_SYS(gettid),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getuid),
    // Both only take rights away.
    SCMP_SYS(landlock_add_rule),
    SCMP_SYS(landlock_create_ruleset),
    SCMP_SYS(landlock_restrict_self),
    SCMP_SYS(seccomp),
    SCMP_SYS(lseek),
    SCMP_SYS(lstat),
    SCMP_SYS(madvise),
    SCMP_SYS(membarrier),
    SCMP_SYS(mincore),
    SCMP_SYS(mlock),
    SCMP_SYS(mmap),
    SCMP_SYS(mprotect),
    SCMP_SYS(mremap),
    SCMP_SYS(msync),
    SCMP_SYS(munlock),
    SCMP_SYS(munmap),
    SCMP_SYS(nanosleep),
    SCMP_SYS(newfstatat),
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(pipe),
    SCMP_SYS(pipe2),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(pread64),
    SCMP_SYS(preadv),
    SCMP_SYS(pselect6),
    SCMP_SYS(pwrite64),
    SCMP_SYS(pwritev),
    SCMP_SYS(read),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(readv),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(rseq),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigpending),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigsuspend),
    SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_getparam),
    SCMP_SYS(sched_getscheduler),
    SCMP_SYS(sched_yield),
    SCMP_SYS(select),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(set_tid_address),
    SCMP_SYS(setitimer),
    SCMP_SYS(setrlimit),
    SCMP_SYS(shutdown),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(signalfd4),
    SCMP_SYS(stat),
    SCMP_SYS(statfs),
    SCMP_SYS(statx),
    SCMP_SYS(sysinfo),
    // Sent to oneself by abort() and raise(). The kernel compares no numbers of
    // processes; Landlock keeps signals within the sandbox.
    SCMP_SYS(tgkill),
    SCMP_SYS(time),
    SCMP_SYS(times),
    SCMP_SYS(umask),
    SCMP_SYS(uname),
    SCMP_SYS(wait4),
    SCMP_SYS(waitid),
    SCMP_SYS(write),
    SCMP_SYS(writev),
};

inline constexpr int kChangesFolders[] = {
    SCMP_SYS(chdir),     SCMP_SYS(chmod),     SCMP_SYS(copy_file_range),
    SCMP_SYS(fallocate), SCMP_SYS(fchdir),    SCMP_SYS(fchmod),
    SCMP_SYS(fchmodat),  SCMP_SYS(link),      SCMP_SYS(linkat),
    SCMP_SYS(mkdir),     SCMP_SYS(mkdirat),   SCMP_SYS(rename),
    SCMP_SYS(renameat),  SCMP_SYS(renameat2), SCMP_SYS(rmdir),
    SCMP_SYS(sendfile),  SCMP_SYS(symlink),   SCMP_SYS(symlinkat),
    SCMP_SYS(truncate),  SCMP_SYS(unlink),    SCMP_SYS(unlinkat),
    SCMP_SYS(utimensat),
};

inline constexpr int kForks[] = {
    SCMP_SYS(fork),
    SCMP_SYS(kill),
};

inline constexpr int kSupervises[] = {
    SCMP_SYS(accept4),
    SCMP_SYS(pidfd_send_signal),
};

// What programs need that are executed, scripts in Python among them.
inline constexpr int kExecutes[] = {
    SCMP_SYS(epoll_create1), SCMP_SYS(epoll_ctl),  SCMP_SYS(epoll_wait),
    SCMP_SYS(eventfd2),      SCMP_SYS(execve),     SCMP_SYS(setpgid),
    SCMP_SYS(setsid),        SCMP_SYS(socketpair), SCMP_SYS(vfork),
};

inline constexpr int kUsesNetwork[] = {
    SCMP_SYS(bind),     SCMP_SYS(connect),    SCMP_SYS(recvmmsg),
    SCMP_SYS(sendmmsg), SCMP_SYS(setsockopt),
};

// The requests of ioctl.
inline constexpr unsigned kIoctls[] = {
    0x5401,  // TCGETS: whether a descriptor is a terminal
    0x5413,  // TIOCGWINSZ
    0x541B,  // FIONREAD
    0x5421,  // FIONBIO
    0x5450,  // FIONCLEX
    0x5451,  // FIOCLEX
};

}  // namespace dissectd

#endif  // CORE_SANDBOX_SYSCALL_LISTS_H_
