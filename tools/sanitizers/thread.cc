// SPDX-License-Identifier: GPL-2.0-or-later
//
// Tells ThreadSanitizer about absl::Mutex. Programs are linked with this under
// --config=tsan.
//
// Debian's abseil isn't instrumented, so the sanitizer would report everything
// that an absl::Mutex protects as a data race. The functions below replace
// those of the library, also for gRPC. They report locking to the sanitizer and
// call the library's functions.

#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

// The names are the sanitizers'.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" {

const char* __tsan_default_options();
const char* __tsan_default_suppressions();

// Compiled in, as programs under test start others with another environment.
const char* __tsan_default_options() {
  return "abort_on_error=1:halt_on_error=1:second_deadlock_stack=1";
}

// Each suppression has its reason.
const char* __tsan_default_suppressions() {
  return
      // gRPC passes memory between threads by its own atomics, which aren't
      // instrumented.
      "called_from_lib:libgrpc.so\n"
      "called_from_lib:libgrpc++.so\n"
      // absl::Mutex records the order of locks, to find deadlocks, in a graph
      // that it protects by a lock of its own.
      "called_from_lib:libabsl_graphcycles_internal.so\n";
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

namespace {

// Returns the library's function with a mangled name.
template <typename Function>
Function Real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
  static const auto kReal =
      Real<void (*)(Mutex*)>("_ZN4absl7debian35Mutex4LockEv");
  kReal(this);
  __tsan_acquire(this);
}

bool Mutex::TryLock() {
  static const auto kReal =
      Real<bool (*)(Mutex*)>("_ZN4absl7debian35Mutex7TryLockEv");
  const bool is_locked = kReal(this);
  if (is_locked) __tsan_acquire(this);
  return is_locked;
}

void Mutex::Unlock() {
  static const auto kReal =
      Real<void (*)(Mutex*)>("_ZN4absl7debian35Mutex6UnlockEv");
  __tsan_release(this);
  kReal(this);
}

void Mutex::Await(const Condition& condition) {
  static const auto kReal = Real<void (*)(Mutex*, const Condition&)>(
      "_ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE");
  __tsan_release(this);
  kReal(this, condition);
  __tsan_acquire(this);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  static const auto kReal = Real<bool (*)(Mutex*, const Condition&, Duration)>(
      "_ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_"
      "8DurationE");
  __tsan_release(this);
  const bool is_true = kReal(this, condition, timeout);
  __tsan_acquire(this);
  return is_true;
}

void CondVar::Wait(Mutex* mutex) {
  static const auto kReal = Real<void (*)(CondVar*, Mutex*)>(
      "_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
  __tsan_release(mutex);
  kReal(this, mutex);
  __tsan_acquire(mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  static const auto kReal = Real<bool (*)(CondVar*, Mutex*, Duration)>(
      "_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
  __tsan_release(mutex);
  const bool is_late = kReal(this, mutex, timeout);
  __tsan_acquire(mutex);
  return is_late;
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  static const auto kReal = Real<bool (*)(CondVar*, Mutex*, Time)>(
      "_ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
  __tsan_release(mutex);
  const bool is_late = kReal(this, mutex, deadline);
  __tsan_acquire(mutex);
  return is_late;
}

ABSL_NAMESPACE_END
}  // namespace absl
