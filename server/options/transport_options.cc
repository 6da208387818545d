// SPDX-License-Identifier: GPL-2.0-or-later

#include <string>

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

}  // namespace

void AddTransportOptions(CLI::App* app, TransportConfig* config) {
  app->add_option("--listen", config->listen,
                  "Address to listen on: HOST:PORT or unix:/PATH; may be "
                  "repeated")
      ->check(CheckAddress)
      ->expected(1, 64)
      ->allow_extra_args(false)
      ->type_name("ADDRESS")
      ->capture_default_str();
}

}  // namespace dissectd::server
