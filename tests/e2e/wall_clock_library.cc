// SPDX-License-Identifier: GPL-2.0-or-later

// A library for LD_PRELOAD that shifts the wall clock of a process and of those
// that it starts, as if somebody set the system's clock. The file that the
// variable WALL_CLOCK_FILE names has the seconds to add, and may change at any
// time. Clocks that nobody can set aren't touched, nor is the program that
// WALL_CLOCK_EXCEPT names.
//
// Waits for a time of day end when the shifted clock shows it, as they do in
// the kernel. abseil's are the only ones of the daemon.

#include <dlfcn.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

constexpr int64_t kSecond = 1'000'000'000;
// The time after which a wait looks at the clock again.
constexpr int64_t kSlice = 10'000'000;

const std::atomic<int64_t>* shift = nullptr;

// The sandbox of workers lets them open nothing later.
__attribute__((constructor)) void MapShift() {
  const char* path = std::getenv("WALL_CLOCK_FILE");
  const char* except = std::getenv("WALL_CLOCK_EXCEPT");
  if (path == nullptr) return;
  if (except != nullptr &&
      std::strcmp(except, program_invocation_short_name) == 0) {
    return;
  }
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  void* map = mmap(nullptr, sizeof(*shift), PROT_READ, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED) abort();
  close(fd);
  shift = static_cast<const std::atomic<int64_t>*>(map);
}

int64_t Shift() { return shift == nullptr ? 0 : shift->load(); }

template <typename Function>
Function* Real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

int64_t WallTime() {
  timespec time = {};
  clock_gettime(CLOCK_REALTIME, &time);
  return time.tv_sec * kSecond + time.tv_nsec;
}

// Waits for a futex until the wall clock shows `deadline`.
long WaitUntil(long address, long operation, long value,
               const timespec& deadline) {
  static auto* const real = Real<long(long, ...)>("syscall");
  const long wait =
      FUTEX_WAIT | (operation & static_cast<long>(FUTEX_PRIVATE_FLAG));
  while (true) {
    const int64_t rest =
        deadline.tv_sec * kSecond + deadline.tv_nsec - WallTime();
    if (rest <= 0) {
      errno = ETIMEDOUT;
      return -1;
    }
    const timespec slice = {0, std::min(rest, kSlice)};
    const long result = real(SYS_futex, address, wait, value, &slice);
    if (result == 0 || errno != ETIMEDOUT) return result;
  }
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  static auto* const real = Real<int(clockid_t, timespec*)>("clock_gettime");
  const int result = real(clock, time);
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) {
    time->tv_sec += Shift();
  }
  return result;
}

int gettimeofday(timeval* time, void* zone) noexcept {
  static auto* const real = Real<int(timeval*, void*)>("gettimeofday");
  const int result = real(time, zone);
  time->tv_sec += Shift();
  return result;
}

time_t time(time_t* result) noexcept {
  const time_t now = static_cast<time_t>(WallTime() / kSecond);
  if (result != nullptr) *result = now;
  return now;
}

long syscall(long number, ...) noexcept {
  static auto* const real = Real<long(long, ...)>("syscall");
  va_list list;
  va_start(list, number);
  long arguments[6];
  for (long& argument : arguments) argument = va_arg(list, long);
  va_end(list);
  const long operation = arguments[1];
  if (number == SYS_futex &&
      (operation & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET &&
      (operation & FUTEX_CLOCK_REALTIME) != 0 && arguments[3] != 0) {
    return WaitUntil(arguments[0], operation, arguments[2],
                     *reinterpret_cast<const timespec*>(arguments[3]));
  }
  return real(number, arguments[0], arguments[1], arguments[2], arguments[3],
              arguments[4], arguments[5]);
}

}  // extern "C"
