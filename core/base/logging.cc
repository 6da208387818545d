// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/logging.h"

#include <fmt/chrono.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_split.h"
#include "spdlog/formatter.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace dissectd {
namespace {

std::string Rfc3339(spdlog::log_clock::time_point time) {
  const std::time_t seconds = spdlog::log_clock::to_time_t(time);
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(
                          time.time_since_epoch())
                          .count() %
                      1'000'000;
  return fmt::format("{:%FT%T}.{:06}Z", fmt::gmtime(seconds), micros);
}

// The ids of ScopedLogIds.
thread_local absl::string_view current_ids;

// Adds members for words `NAME=VALUE`. A process that was taken over may have
// made the words.
void AddIds(absl::string_view ids, nlohmann::ordered_json* line) {
  for (const absl::string_view word : absl::StrSplit(ids, ' ')) {
    const std::pair<absl::string_view, absl::string_view> id =
        absl::StrSplit(word, absl::MaxSplits('=', 1));
    for (const char* name : {"request_id", "trace_id", "span_id"}) {
      if (id.first == name) (*line)[name] = std::string(id.second);
    }
  }
}

class JsonFormatter : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message,
              spdlog::memory_buf_t& out) override {
    const auto text = [](spdlog::string_view_t view) {
      return std::string(view.data(), view.size());
    };
    nlohmann::ordered_json line = {
        {"time", Rfc3339(message.time)},
        {"level", text(spdlog::level::to_string_view(message.level))},
        {"program", text(message.logger_name)},
        {"pid", getpid()},
        {"message", text(message.payload)},
    };
    AddIds(current_ids, &line);
    // A message may quote bytes of a client that aren't valid UTF-8.
    const std::string json = line.dump(
        -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    out.append(json.data(), json.data() + json.size());
    out.push_back('\n');
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonFormatter>();
  }
};

}  // namespace

void ConfigureLogging(const std::string& program, const LogOptions& options,
                      std::vector<spdlog::sink_ptr> sinks) {
  sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
  auto logger =
      std::make_shared<spdlog::logger>(program, sinks.begin(), sinks.end());
  if (options.format == LogFormat::kJson) {
    logger->set_formatter(std::make_unique<JsonFormatter>());
  } else {
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%f%z %l %n[%P]: %v");
  }
  logger->set_level(spdlog::level::from_str(options.level));
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
}

ScopedLogIds::ScopedLogIds(absl::string_view ids) { current_ids = ids; }

ScopedLogIds::~ScopedLogIds() { current_ids = {}; }

}  // namespace dissectd
