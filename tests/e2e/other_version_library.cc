// SPDX-License-Identifier: GPL-2.0-or-later

// A library for LD_PRELOAD that makes libwireshark call itself 99 of its
// release, such as 4.0.99, so that a test has engines of two versions although
// one is installed.

#include <dlfcn.h>

extern "C" void epan_get_version_number(int* major, int* minor, int* micro) {
  using Function = void (*)(int*, int*, int*);
  const auto function =
      reinterpret_cast<Function>(dlsym(RTLD_NEXT, "epan_get_version_number"));
  function(major, minor, micro);
  *micro = 99;
}
