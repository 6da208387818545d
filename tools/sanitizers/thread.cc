// SPDX-License-Identifier: GPL-2.0-or-later
//
// The options of the thread sanitizer, compiled in, as programs under test start
// others with an environment of their own.

extern "C" {

const char* __tsan_default_options();
const char* __tsan_default_suppressions();

const char* __tsan_default_options() {
  return "abort_on_error=1:halt_on_error=1:second_deadlock_stack=1";
}

const char* __tsan_default_suppressions() { return ""; }

}  // extern "C"
