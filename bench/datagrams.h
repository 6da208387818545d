// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef BENCH_DATAGRAMS_H_
#define BENCH_DATAGRAMS_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace dissectd {

// Datagrams to a port of the loopback interface. They go to an open socket that
// is never read, so that the kernel answers with no ICMP error.
struct Datagrams {
  uint16_t port = 0;
  size_t count = 0;
  // Datagrams per second; the sender may fall behind.
  double rate = 0;
  // The size of a datagram in bytes, at least kStampDigits.
  size_t size = 64;
  // Whether each datagram is sent at a random time within its interval, so that
  // the receiver's timers don't run in step with the sender.
  bool uneven = false;
};

// The length of the time stamp at the beginning of each datagram: the time of
// sending in nanoseconds of CLOCK_MONOTONIC, as decimal digits.
constexpr size_t kStampDigits = 20;

// Returns the current time in nanoseconds of CLOCK_MONOTONIC.
uint64_t MonotonicNanoseconds();

// Sends the datagrams. Returns an error message, or an empty string.
std::string Send(const Datagrams& datagrams);

}  // namespace dissectd

#endif  // BENCH_DATAGRAMS_H_
