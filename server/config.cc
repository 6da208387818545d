// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/config.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <map>

#include "server/version.h"

namespace dissectd::server {
namespace {

// An address that listening would not say anything useful about.
std::string CheckAddress(const std::string& address) {
  const bool is_path = address.rfind("unix:", 0) == 0;
  const size_t colon = address.rfind(':');
  if (colon != std::string::npos && colon + 1 < address.size() &&
      (is_path || colon > 0)) {
    return std::string();
  }
  return "\"" + address + "\" is neither HOST:PORT nor unix:/PATH";
}

}  // namespace

std::optional<int> ParseConfig(int argc, char** argv, ServerConfig* config) {
  CLI::App app("Serves Wireshark's dissection to gRPC clients.", "dissectd");
  app.set_version_flag("--version", "dissectd " + std::string(kVersion));
  app.set_config("--config", "", "A file with these options, NAME = VALUE");
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.add_option("--listen", config->listen,
                 "Where clients connect: HOST:PORT or unix:/PATH; may be "
                 "repeated")
      ->check(CheckAddress)
      ->expected(1, 64)
      ->allow_extra_args(false)
      ->capture_default_str();
  app.add_option("--store", config->store, "The folder of captures")
      ->required();
  app.add_option("--log-level", config->log.level, "What to log")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error"}))
      ->capture_default_str();
  app.add_option("--log-format", config->log.format, "text or json")
      ->transform(CLI::CheckedTransformer(std::map<std::string, LogFormat>{
          {"text", LogFormat::kText}, {"json", LogFormat::kJson}}));
  app.add_option(
      "--engine", config->engine,
      "The program dissectd-engine, if it isn't where it is installed");
  app.add_option("--dumpcap", config->dumpcap, "The program that captures")
      ->capture_default_str();
  app.add_option("--pipes", config->pipes,
                 "A folder of named pipes that clients may capture from");
  app.add_option("--max-captures", config->max_captures,
                 "Captures that run at a time")
      ->check(CLI::Range(1u, 1'000u))
      ->capture_default_str();
  app.add_option("--max-workers", config->max_workers,
                 "Dissections that run at a time")
      ->check(CLI::Range(1u, 10'000u))
      ->capture_default_str();
  app.add_option("--pass-workers", config->pass_workers,
                 "Processes that share the second pass of one dissection")
      ->check(CLI::Range(1u, 64u))
      ->capture_default_str();
  app.add_option("--upload-quota", config->upload_quota_bytes,
                 "Space for uploads, in bytes or with KB, MB, GB")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str();
  unsigned drain_seconds = static_cast<unsigned>(config->drain_timeout.count());
  app.add_option("--drain-timeout", drain_seconds,
                 "Seconds that calls may go on after SIGTERM")
      ->capture_default_str();
  app.add_option("--profile", config->profile,
                 "The profile of Wireshark that calls begin with")
      ->check([](const std::string& name) {
        return name.empty() ? std::string("a profile has a name")
                            : std::string();
      })
      ->capture_default_str();
  app.add_flag("--allow-external-resolver", config->allow_external_resolver,
               "Let clients have host names looked up on the network");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? EXIT_SUCCESS : 2;
  }
  config->drain_timeout = std::chrono::seconds(drain_seconds);
  return std::nullopt;
}

}  // namespace dissectd::server
