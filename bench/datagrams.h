// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef BENCH_DATAGRAMS_H_
#define BENCH_DATAGRAMS_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace dissectd {

// Datagrams to a port of the loopback interface. There is a socket that takes
// them, so that the kernel sends no answer; nobody reads it.
struct Datagrams {
  uint16_t port = 0;
  size_t count = 0;
  // How many a second; the sender may fall behind.
  double rate = 0;
  // Of each, at least kStampDigits.
  size_t size = 64;
  // Whether each is sent at a time of its own within its turn, so that no clock
  // of the receiver's runs in step with it.
  bool uneven = false;
};

// Each begins with the time at which it was sent: nanoseconds of
// CLOCK_MONOTONIC, in decimal digits.
constexpr size_t kStampDigits = 20;

// Nanoseconds of CLOCK_MONOTONIC.
uint64_t MonotonicNanoseconds();

// Sends them. Returns an error for people; empty if there is none.
std::string Send(const Datagrams& datagrams);

}  // namespace dissectd

#endif  // BENCH_DATAGRAMS_H_
