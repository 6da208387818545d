// SPDX-License-Identifier: GPL-2.0-or-later

// A library for LD_PRELOAD that makes libwireshark call itself version 4.0.99,
// so that a test has engines of two versions although one is installed.

namespace {

constexpr int kMajor = 4;
constexpr int kMinor = 0;
constexpr int kMicro = 99;

}  // namespace

extern "C" void epan_get_version_number(int* major, int* minor, int* micro) {
  *major = kMajor;
  *minor = kMinor;
  *micro = kMicro;
}
