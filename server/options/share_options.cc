// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/options/options.h"

namespace dissectd::server {
namespace {

constexpr uint32_t kMaxCallsPerSecond = 1'000'000;

}  // namespace

void AddCallRate(CLI::App* app, uint32_t* calls_per_second) {
  app->add_option("--max-calls-per-second", *calls_per_second,
                  "Limit of calls that one caller begins within a second; 0 "
                  "for none")
      ->transform(WholeNumber(0, kMaxCallsPerSecond))
      ->type_name("N")
      ->capture_default_str();
}

void AddReaderTimeout(CLI::App* app, std::chrono::seconds* timeout) {
  AddSeconds(app, "--reader-timeout", timeout,
             "Seconds that a client has to read a message; 0 for any time");
}

void AddShareOptions(CLI::App* app, ShareConfig* config) {
  AddLimit(app, "--max-calls-per-principal", &config->max_calls, 1'000'000,
           "Limit of concurrent calls of one caller");
  AddLimit(app, "--max-workers-per-principal", &config->max_workers, 10'000,
           "Limit of concurrent dissections of one caller");
  AddLimit(app, "--max-captures-per-principal", &config->max_captures, 1'000,
           "Limit of concurrent captures of one caller");
  AddCallRate(app, &config->calls_per_second);
  AddReaderTimeout(app, &config->reader_timeout);
  AddSeconds(
      app, "--sender-timeout", &config->sender_timeout,
      "Seconds that a client that sends a capture has to send a message; "
      "dissectctl sends one every 20 seconds; 0 for any time");
  AddSeconds(app, "--max-call-time", &config->max_call_time,
             "Seconds that a call may take unless it follows a capture that "
             "runs; 0 for any time");
}

}  // namespace dissectd::server
