// SPDX-License-Identifier: GPL-2.0-or-later
//
// Options of the address and undefined behaviour sanitizers. They are compiled
// in, as programs under test start others with another environment.

// The names are the sanitizers'.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" {

const char* __asan_default_options();
const char* __ubsan_default_options();
const char* __lsan_default_suppressions();

const char* __asan_default_options() {
  return "abort_on_error=1:detect_stack_use_after_return=1:"
         "strict_string_checks=1";
}

const char* __ubsan_default_options() {
  return "abort_on_error=1:print_stacktrace=1";
}

const char* __lsan_default_suppressions() { return ""; }

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
