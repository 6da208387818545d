// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef BENCH_LIVE_CLIENT_H_
#define BENCH_LIVE_CLIENT_H_

#include <cstddef>
#include <string>

#include "bench/datagrams.h"

namespace dissectd {

// Measures live captures of datagrams on the loopback interface. The daemon
// must be in the network namespace of this program. Each function prints a line
// of JSON.

void SendOrFail(const Datagrams& datagrams);

// Measures how long datagrams take to reach a client that follows the capture.
void MeasureLive(const std::string& server, const Datagrams& datagrams);

// Runs clients that follow one capture, each with a different filter or all
// without one.
void MeasureFollowers(const std::string& server, const Datagrams& datagrams,
                      size_t clients, bool same_view);

}  // namespace dissectd

#endif  // BENCH_LIVE_CLIENT_H_
