// SPDX-License-Identifier: GPL-2.0-or-later

#include "bench/client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace dissectd {
double SecondsSince(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

[[noreturn]] void Fail(const std::string& message) {
  std::fprintf(stderr, "load_client: %s\n", message.c_str());
  std::exit(EXIT_FAILURE);
}

ChannelPtr Connect(const std::string& server) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  ChannelPtr channel = grpc::CreateCustomChannel(
      server, grpc::InsecureChannelCredentials(), arguments);
  if (!channel->WaitForConnected(std::chrono::system_clock::now() + kTimeout)) {
    Fail("can't connect to " + server);
  }
  return channel;
}

double Quantile(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  const long rank =  // NOLINT(google-runtime-int)
      std::lround(part * static_cast<double>(values.size() - 1));
  return values[static_cast<size_t>(rank)];
}

void PrintQuantiles(const std::vector<double>& seconds) {
  std::printf(
      "{\"calls\": %zu, \"p50_seconds\": %.6f, \"p99_seconds\": %.6f}\n",
      seconds.size(), Quantile(seconds, 0.5), Quantile(seconds, 0.99));
}

}  // namespace dissectd
