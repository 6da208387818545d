// SPDX-License-Identifier: GPL-2.0-or-later

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "server/options/options.h"

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

// Returns the error in the path of a Unix socket, which may come after two
// slashes as in a URI; empty if it is valid.
std::string CheckSocketPath(absl::string_view path) {
  absl::ConsumePrefix(&path, "//");
  if (absl::StartsWith(path, "/")) return "";
  return absl::StrCat(
      "\"", path,
      "\" isn't the absolute path of a socket: clients in other "
      "folders would look for another one");
}

// Returns the error in an address for which listening would report only a vague
// one; empty if it is valid.
std::string CheckAddress(const std::string& address) {
  if (absl::StartsWith(address, "systemd:")) return "";
  absl::string_view path = address;
  if (absl::ConsumePrefix(&path, "unix:") && !path.empty()) {
    return CheckSocketPath(path);
  }
  const size_t colon = address.rfind(':');
  if (colon != std::string::npos && colon + 1 < address.size() && colon > 0) {
    const std::string port = address.substr(colon + 1);
    return MayBePort(port) ? "" : "\"" + port + "\" isn't a port";
  }
  return "\"" + address +
         "\" is neither HOST:PORT nor unix:/PATH nor systemd:NAME";
}

// The largest message must fit, with some room for others.
constexpr uint64_t kMinMessageMemory = uint64_t{32} << 20;

// Returns nothing unless the text is a mode in octal digits.
std::optional<uint32_t> ParseMode(const std::string& text) {
  constexpr int kOctal = 8;
  constexpr size_t kMaxDigits = 4;
  constexpr uint32_t kAllBits = 0777;
  if (text.empty() || text.size() > kMaxDigits ||
      text.find_first_not_of("01234567") != std::string::npos) {
    return std::nullopt;
  }
  const auto mode = static_cast<uint32_t>(std::stoul(text, nullptr, kOctal));
  return mode <= kAllBits ? std::optional<uint32_t>(mode) : std::nullopt;
}

// Returns the error in the mode of a socket; empty if it is valid.
std::string CheckMode(const std::string& text) {
  constexpr uint32_t kWriteBits = 0222;
  const std::optional<uint32_t> mode = ParseMode(text);
  if (!mode.has_value()) {
    return "\"" + text + "\" isn't a mode in octal digits such as 0660";
  }
  return (*mode & kWriteBits) != 0
             ? ""
             : "with \"" + text +
                   "\", nobody could connect: that needs the right to write";
}

void AddSocketMode(CLI::App* app, TransportConfig* config) {
  app->add_option_function<std::string>(
         "--unix-socket-mode",
         [config](const std::string& text) {
           config->unix_socket_mode = ParseMode(text).value_or(0);
         },
         "Mode of the files of Unix sockets: who may connect; 0666 if "
         "--identify-unix-users is given, otherwise 0660")
      ->check(CLI::Validator(CheckMode, ""))
      ->type_name("MODE");
}

void AddAddresses(CLI::App* app, TransportConfig* config) {
  app->add_option(
         "--listen", config->listen,
         "Address to listen on: HOST:PORT, unix:/PATH, or systemd:NAME "
         "for sockets that a socket unit passes; may be repeated")
      ->check(CheckAddress)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("ADDRESS")
      ->default_str(kDefaultListenAddress);
}

void AddTls(CLI::App* app, TransportConfig* config) {
  CLI::Option* certificate = app->add_option(
      "--tls-certificate", config->tls_certificate,
      "Certificate for TLS, and those between it and its authority, in PEM");
  CLI::Option* key = app->add_option("--tls-key", config->tls_key,
                                     "Key of the certificate, in PEM");
  CLI::Option* authorities =
      app->add_option("--tls-client-ca", config->tls_client_ca,
                      "Authorities whose certificates clients need, in PEM");
  for (CLI::Option* option : {certificate, key, authorities}) {
    option->type_name("FILE");
  }
  certificate->needs(key);
  key->needs(certificate);
  authorities->needs(certificate);
  app->add_flag("--insecure-plaintext-from-anywhere",
                config->insecure_plaintext,
                "Serve other machines without TLS. DANGEROUS: anyone between "
                "can read and change everything, including tokens");
}

void AddConnectionLimits(CLI::App* app, TransportConfig* config) {
  // 0 can't be given: it is what the descriptors allow.
  app->add_option("--max-connections", config->max_connections,
                  "Limit of connections, if not what the limit of open files "
                  "allows")
      ->transform(WholeNumber(1, 10'000))
      ->type_name("N");
  AddLimit(app, "--max-connections-per-peer", &config->max_connections_per_peer,
           10'000, "Limit of connections of one host or local user");
  AddLimit(app, "--max-streams-per-connection",
           &config->max_streams_per_connection, 10'000,
           "Limit of concurrent calls of one connection");
  AddSize(app, "--max-message-memory", &config->max_message_memory_bytes,
          "Limit of memory for messages that are received",
          {kMinMessageMemory});
  AddSeconds(app, "--idle-timeout", &config->idle_timeout,
             "Seconds after which a connection without calls is closed", 1);
}

}  // namespace

void AddTransportOptions(CLI::App* app, TransportConfig* config) {
  AddAddresses(app, config);
  AddSocketMode(app, config);
  AddTls(app, config);
  AddConnectionLimits(app, config);
}

void AddStopOptions(CLI::App* app, std::chrono::seconds* lame_duck,
                    std::chrono::seconds* drain_timeout) {
  AddSeconds(app, "--lame-duck", lame_duck,
             "Seconds for which new calls are taken after SIGTERM, while "
             "health checks say NOT_SERVING");
  AddSeconds(app, "--drain-timeout", drain_timeout,
             "Seconds to wait for running calls after SIGTERM");
}

void LetUsersConnect(const CLI::App& app, const IdentityConfig& identity,
                     TransportConfig* transport) {
  constexpr uint32_t kEveryoneConnects = 0666;
  if (identity.unix_users && app.count("--unix-socket-mode") == 0) {
    transport->unix_socket_mode = kEveryoneConnects;
  }
}

}  // namespace dissectd::server
