// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef BENCH_LIVE_CLIENT_H_
#define BENCH_LIVE_CLIENT_H_

#include <cstddef>
#include <string>

#include "bench/datagrams.h"

namespace dissectd {

// Clients of captures of datagrams on the loopback interface of the daemon's
// network, which must be this program's. Each prints a line of JSON.

void SendOrFail(const Datagrams& datagrams);

// How long datagrams take to get to a client that follows a capture of them.
void MeasureLive(const std::string& server, const Datagrams& datagrams);

// Has clients follow one capture, each with a filter of its own or all without.
void MeasureFollowers(const std::string& server, const Datagrams& datagrams,
                      size_t clients, bool same_view);

}  // namespace dissectd

#endif  // BENCH_LIVE_CLIENT_H_
