// SPDX-License-Identifier: GPL-2.0-or-later

// Takes any bytes as what workers print, and checks the lines of the log that
// become of them.

#include <unistd.h>

#include <algorithm>
#include <asio/io_context.hpp>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "server/base/unique_fd.h"
#include "server/engine/engine_log.h"
#include "spdlog/details/null_mutex.h"
#include "spdlog/sinks/base_sink.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// A byte of a line becomes at most four, and the beginning names a process.
constexpr size_t kMaxMessageBytes = 4 * EngineLog::kMaxLineBytes + 100;

class CheckingSink
    : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& line) override {
    const absl::string_view message(line.payload.data(), line.payload.size());
    const bool has_controls =
        std::any_of(message.begin(), message.end(),
                    [](unsigned char c) { return absl::ascii_iscntrl(c); });
    if (!absl::StartsWith(message, "engine") || has_controls ||
        message.size() > kMaxMessageBytes) {
      std::abort();
    }
  }
  void flush_() override {}
};

void UseCheckingSink() {
  auto logger = std::make_shared<spdlog::logger>(
      "fuzz", std::make_shared<CheckingSink>());
  logger->set_level(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
  std::signal(SIGPIPE, SIG_IGN);
}

// Prints the bytes in pieces, whose size is the first of them.
void Print(const std::string& bytes) {
  asio::io_context context;
  UniqueFd end;
  const auto log = EngineLog::Open(&context, &end);
  if (!log.ok()) return;
  const size_t piece = bytes.empty() ? 1 : 1 + static_cast<uint8_t>(bytes[0]);
  for (size_t begin = 1; begin < bytes.size(); begin += piece) {
    const size_t size = std::min(piece, bytes.size() - begin);
    if (write(end.get(), bytes.data() + begin, size) < 0) break;
    context.poll();
  }
  (*log)->Finish();
  context.run();
}

}  // namespace
}  // namespace dissectd::server

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const bool kPrepared = [] {
    dissectd::server::UseCheckingSink();
    return true;
  }();
  static_cast<void>(kPrepared);
  dissectd::server::Print({reinterpret_cast<const char*>(data), size});
  return 0;
}
