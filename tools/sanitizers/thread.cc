// SPDX-License-Identifier: GPL-2.0-or-later
//
// Tells ThreadSanitizer about absl::Mutex and the like. Programs are linked
// with this under --config=tsan.
//
// Debian's abseil isn't instrumented, so the sanitizer would report everything
// that an absl::Mutex protects as a data race. The functions below replace
// those of the library, also for gRPC. They report locking to the sanitizer and
// call the library's functions.

#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

// The names are the sanitizers'.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" {

const char* __tsan_default_options();
const char* __tsan_default_suppressions();

// Compiled in, as programs under test start others with another environment.
// Libraries that aren't instrumented, such as gRPC's, pass memory between
// threads by atomics that the sanitizer doesn't see.
const char* __tsan_default_options() {
  return "abort_on_error=1:halt_on_error=1:second_deadlock_stack=1:"
         "ignore_noninstrumented_modules=1";
}

// gRPC's library orders its callbacks by means that the sanitizer doesn't see.
// Our calls only post tasks from there.
const char* __tsan_default_suppressions() { return "race:grpc::internal::"; }

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

namespace {

// Returns the library's function with a mangled name.
template <typename Function>
Function Real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

// A condition that a thread waits for. The library evaluates it with the mutex
// locked, but without calling the functions below; also in other threads.
class SeenCondition {
 public:
  SeenCondition(absl::Mutex* mutex, const absl::Condition& condition)
      : mutex_(mutex), condition_(condition) {}

  bool Eval() {
    __tsan_acquire(mutex_);
    const bool is_true = condition_.Eval();
    __tsan_release(mutex_);
    return is_true;
  }

 private:
  absl::Mutex* const mutex_;
  const absl::Condition& condition_;
};

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
  SeenCondition seen(this, condition);
  __tsan_release(this);
  kReal(this, Condition(&seen, &SeenCondition::Eval));
  __tsan_acquire(this);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  static const auto kReal = Real<bool (*)(Mutex*, const Condition&, Duration)>(
      "_ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_"
      "8DurationE");
  SeenCondition seen(this, condition);
  __tsan_release(this);
  const bool is_true =
      kReal(this, Condition(&seen, &SeenCondition::Eval), timeout);
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

void Notification::Notify() {
  static const auto kReal =
      Real<void (*)(Notification*)>("_ZN4absl7debian312Notification6NotifyEv");
  __tsan_release(this);
  kReal(this);
}

void Notification::WaitForNotification() const {
  static const auto kReal = Real<void (*)(const Notification*)>(
      "_ZNK4absl7debian312Notification19WaitForNotificationEv");
  kReal(this);
  __tsan_acquire(const_cast<Notification*>(this));
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  static const auto kReal = Real<bool (*)(const Notification*, Duration)>(
      "_ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_"
      "8DurationE");
  const bool is_notified = kReal(this, timeout);
  __tsan_acquire(const_cast<Notification*>(this));
  return is_notified;
}

ABSL_NAMESPACE_END
}  // namespace absl
