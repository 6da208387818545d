// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_OPTIONS_OPTIONS_H_
#define SERVER_OPTIONS_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <string>

#include "core/base/logging.h"
#include "server/config.h"

// The options of the daemon by subject. Each function adds options to a parser
// that stores their values in the configuration, which must outlive it.
namespace dissectd::server {

void AddTransportOptions(CLI::App* app, TransportConfig* config);
void AddIdentityOptions(CLI::App* app, IdentityConfig* config);
void AddPolicyOptions(CLI::App* app, IdentityConfig* config);
void AddIsolationOptions(CLI::App* app, IsolationConfig* config);
void AddCrashOptions(CLI::App* app, IsolationConfig* config);
void AddShareOptions(CLI::App* app, ShareConfig* config);
void AddSessionOptions(CLI::App* app, SessionConfig* config);
void AddCaptureOptions(CLI::App* app, ServerConfig* config);
// The limits of what callers store.
void AddStoreOptions(CLI::App* app, ShareConfig* config);

// The options of each program that serves calls.
void AddCallRate(CLI::App* app, uint32_t* calls_per_second);
void AddReaderTimeout(CLI::App* app, std::chrono::seconds* timeout);
void AddMetricsOptions(CLI::App* app, std::string* metrics_listen);
void AddStopOptions(CLI::App* app, std::chrono::seconds* lame_duck,
                    std::chrono::seconds* drain_timeout);

// Lets everyone connect to Unix sockets if the kernel says who connects, unless
// the operator has chosen a mode. `app` has parsed the options.
void LetUsersConnect(const CLI::App& app, const IdentityConfig& identity,
                     TransportConfig* transport);

// `format` is the text of the option, for LogFormatOf.
void AddLogOptions(CLI::App* app, LogOptions* log, std::string* format);
LogFormat LogFormatOf(const std::string& text);

// Adds an option for a number from 1 to `max`.
void AddLimit(CLI::App* app, const std::string& name, uint32_t* value,
              uint32_t max, const std::string& help);

// Adds an option for a time in seconds.
void AddSeconds(CLI::App* app, const std::string& name,
                std::chrono::seconds* value, const std::string& help,
                uint32_t min = 0);

// The least size that works.
struct LeastSize {
  // Whole MiB.
  uint64_t bytes = 0;
  // Whether 0 works, too.
  bool or_none = false;
};

// Adds an option for a number of bytes, which may have a unit such as MB.
void AddSize(CLI::App* app, const std::string& name, uint64_t* value,
             const std::string& help, LeastSize least = {});

// Returns a check that a value is the path of a folder.
CLI::Validator Folder();

// Returns a check that a value is a whole number of a range. It has to be used
// with `transform`, as the parser takes numbers that begin with 0 for octal
// ones.
CLI::Validator WholeNumber(uint64_t min, uint64_t max);

}  // namespace dissectd::server

#endif  // SERVER_OPTIONS_OPTIONS_H_
