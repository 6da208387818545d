// SPDX-License-Identifier: GPL-2.0-or-later

#include <benchmark/benchmark.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <thread>

#include "core/ipc/protocol.h"
#include "core/ipc/worker_channel.h"

namespace dissectd {
namespace {

// Receives until the other end is closed.
void Drain(int fd) {
  WorkerChannel channel(fd);
  while (channel.Receive().ok()) {
  }
}

// Sends messages to another thread. The argument is their size in bytes.
void ChannelSend(benchmark::State& state) {
  int fds[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
    state.SkipWithError("no socket pair");
    return;
  }
  std::thread reader(Drain, fds[1]);
  const std::string head(8, 'h');
  const std::string body(static_cast<size_t>(state.range(0)), 'b');
  WorkerChannel channel(fds[0]);
  for (auto _ : state) {
    if (!channel.Send(ipc::MessageType::kMessage, {head, body}).ok()) {
      state.SkipWithError("sending failed");
      break;
    }
  }
  close(fds[0]);
  reader.join();
  close(fds[1]);
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(ChannelSend)->Arg(64)->Arg(4096)->Arg(256 << 10)->UseRealTime();

}  // namespace
}  // namespace dissectd
