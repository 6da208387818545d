// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef BENCH_CLIENT_H_
#define BENCH_CLIENT_H_

#include <grpcpp/channel.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace dissectd {

// Functions shared by all clients of the benchmarks.

using Clock = std::chrono::steady_clock;
using ChannelPtr = std::shared_ptr<grpc::Channel>;

constexpr std::chrono::microseconds kPollInterval(100);
constexpr std::chrono::seconds kTimeout(30);

double SecondsSince(Clock::time_point began);

// Prints the message and ends the program.
[[noreturn]] void Fail(const std::string& message);

// Returns a channel with a separate connection, as a separate client has.
ChannelPtr Connect(const std::string& server);

// Returns the value that the given share of all values doesn't exceed.
double Quantile(std::vector<double> values, double part);

// Prints the median and the 99th percentile as a line of JSON.
void PrintQuantiles(const std::vector<double>& seconds);

}  // namespace dissectd

#endif  // BENCH_CLIENT_H_
