// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/config.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "server/version.h"

namespace dissectd::server {
namespace {

// Returns whether a text is the number of a port, or may be the name of one.
// gRPC takes larger numbers modulo 65536.
bool MayBePort(const std::string& text) {
  constexpr int kMaxPort = 65535;
  constexpr size_t kMaxDigits = 5;
  if (text.find_first_not_of("0123456789") != std::string::npos) return true;
  return text.size() <= kMaxDigits && std::stoi(text) <= kMaxPort;
}

// Returns the error in an address for which listening would report only a vague
// one; empty if it is valid.
std::string CheckAddress(const std::string& address) {
  const bool is_path = address.rfind("unix:", 0) == 0;
  const size_t colon = address.rfind(':');
  if (colon != std::string::npos && colon + 1 < address.size() &&
      (is_path || colon > 0)) {
    const std::string port = address.substr(colon + 1);
    return is_path || MayBePort(port) ? std::string()
                                      : "\"" + port + "\" isn't a port";
  }
  return "\"" + address + "\" is neither HOST:PORT nor unix:/PATH";
}

// Returns the error in the name of an extcap program's interface; empty if it
// is valid.
std::string CheckExtcapName(const std::string& name) {
  const bool valid =
      !name.empty() && name[0] != '-' &&
      std::none_of(name.begin(), name.end(), [](unsigned char byte) {
        return byte < ' ' || byte == 0x7f || byte == '/';
      });
  return valid ? "" : "\"" + name + "\" isn't the name of an interface";
}

// Returns the message about the first argument that the parser doesn't know.
std::string UnknownArgument(const CLI::App& app) {
  const std::string argument = app.remaining().front();
  const bool is_option = argument.size() > 1 && argument[0] == '-';
  return (is_option ? "There is no option \"" : "There is no argument \"") +
         argument.substr(0, argument.find('=')) + "\".";
}

}  // namespace

std::optional<int> ParseConfig(int argc, char** argv, ServerConfig* config) {
  CLI::App app("Serves Wireshark's dissection and capture to gRPC clients.",
               "dissectd");
  app.set_version_flag("--version", "dissectd " + std::string(kVersion));
  app.set_config("--config", "", "File with these options as NAME = VALUE");
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.add_option("--listen", config->listen,
                 "Address to listen on: HOST:PORT or unix:/PATH; may be "
                 "repeated")
      ->check(CheckAddress)
      ->expected(1, 64)
      ->allow_extra_args(false)
      ->capture_default_str();
  app.add_option("--store", config->store,
                 "Folder of the captures that clients can read; required");
  app.add_option("--log-level", config->log.level,
                 "Least severe messages to log")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error"}))
      ->capture_default_str();
  app.add_option("--log-format", config->log.format,
                 "Format of log lines: text or json")
      ->transform(CLI::CheckedTransformer(std::map<std::string, LogFormat>{
          {"text", LogFormat::kText}, {"json", LogFormat::kJson}}));
  app.add_option("--engine", config->engine,
                 "Path of dissectd-engine, if not the installed one");
  app.add_option("--dumpcap", config->dumpcap, "Path or name of dumpcap")
      ->capture_default_str();
  app.add_option("--pipes", config->pipes,
                 "Folder of named pipes that clients may capture from");
  app.add_option("--extcap", config->extcap,
                 "Interfaces of extcap programs that clients may capture from, "
                 "with commas between, for example randpkt,udpdump")
      ->delimiter(',')
      ->check(CheckExtcapName)
      ->expected(1, 1000)
      ->allow_extra_args(false);
  app.add_option("--extcap-folder", config->extcap_folder,
                 "Folder of extcap programs, if not that of Wireshark");
  app.add_option("--max-calls", config->max_calls, "Limit of concurrent calls")
      ->check(CLI::Range(1u, 1'000'000u))
      ->capture_default_str();
  app.add_option("--max-captures", config->max_captures,
                 "Limit of concurrent captures")
      ->check(CLI::Range(1u, 1'000u))
      ->capture_default_str();
  app.add_option("--max-workers", config->max_workers,
                 "Limit of concurrent dissections")
      ->check(CLI::Range(1u, 10'000u))
      ->capture_default_str();
  app.add_option("--pass-workers", config->pass_workers,
                 "Limit of processes that share the second pass of a "
                 "dissection")
      ->check(CLI::Range(1u, 64u))
      ->capture_default_str();
  app.add_option(
         "--upload-quota", config->upload_quota_bytes,
         "Limit of disk space for uploads and exports, in bytes or with "
         "KB, MB, GB")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str();
  unsigned drain_seconds = static_cast<unsigned>(config->drain_timeout.count());
  app.add_option("--drain-timeout", drain_seconds,
                 "Seconds to wait for running calls after SIGTERM")
      ->capture_default_str();
  app.add_option("--profile", config->profile,
                 "Wireshark profile that all calls start with")
      ->check([](const std::string& name) {
        return name.empty()
                   ? std::string("the name of a profile cannot be empty")
                   : std::string();
      })
      ->capture_default_str();
  app.add_flag("--allow-external-resolver", config->allow_external_resolver,
               "Allow clients to look up host names on the network");
  app.add_flag(
      "--allow-lua", config->allow_lua,
      "Allow clients to send scripts in Lua. DANGEROUS: a script can do "
      "whatever the daemon's user can, such as read and delete files "
      "and start programs");
  try {
    app.parse(argc, argv);
    // The parser would report this before wrong options, which are often the
    // reason.
    if (config->store.empty()) {
      throw CLI::RequiredError("--store=DIR, the folder of captures,");
    }
  } catch (const CLI::ExtrasError&) {
    std::fprintf(stderr, "dissectd: %s\nSee \"dissectd --help\".\n",
                 UnknownArgument(app).c_str());
    return 2;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      app.exit(error);
      return EXIT_SUCCESS;
    }
    std::fprintf(stderr, "dissectd: %s\nSee \"dissectd --help\".\n",
                 error.what());
    return 2;
  }
  config->drain_timeout = std::chrono::seconds(drain_seconds);
  return std::nullopt;
}

}  // namespace dissectd::server
