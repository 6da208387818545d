// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/server_address.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/status_macros.h"

namespace dissectd::cli {
namespace {

constexpr absl::string_view kDefaultPort = "50051";
constexpr absl::string_view kLocalhost = "localhost";

// The schemes of gRPC's targets.
constexpr absl::string_view kTargetSchemes[] = {
    "dns:", "ipv4:", "ipv6:", "unix:", "unix-abstract:", "vsock:"};

// Schemes that say nothing of the address which a host and a port don't say.
constexpr absl::string_view kPlainSchemes[] = {"http://", "https://", "tcp://",
                                               "grpc://"};

absl::Status Wrong(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", text, "\" isn't the address of a daemon: ", why,
      ". Give HOST:PORT, HOST (with port ", kDefaultPort, "), or unix:/PATH."));
}

bool IsTarget(absl::string_view text) {
  return std::any_of(std::begin(kTargetSchemes), std::end(kTargetSchemes),
                     [text](absl::string_view scheme) {
                       return absl::StartsWith(text, scheme);
                     });
}

struct HostAndPort {
  absl::string_view host;
  absl::string_view port;
};

// Splits `HOST`, `HOST:PORT`, `[IPV6]`, `[IPV6]:PORT` or `IPV6`.
HostAndPort Split(absl::string_view text) {
  const size_t bracket = text.rfind(']');
  const size_t colon = text.rfind(':');
  const bool has_port =
      colon != absl::string_view::npos &&
      (bracket == absl::string_view::npos ? text.find(':') == colon
                                          : bracket < colon);
  HostAndPort parts{text, ""};
  if (has_port) parts = {text.substr(0, colon), text.substr(colon + 1)};
  if (absl::ConsumePrefix(&parts.host, "[")) {
    absl::ConsumeSuffix(&parts.host, "]");
  }
  return parts;
}

bool IsPort(absl::string_view text) {
  uint32_t port = 0;
  return absl::SimpleAtoi(text, &port) && port > 0 && port <= UINT16_MAX;
}

bool IsHost(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::StrContains(".-_:%", c) || (c & 0x80) != 0;
  });
}

bool Resolves(const char* host) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host, nullptr, &hints, &found) != 0) return false;
  freeaddrinfo(found);
  return true;
}

// Checks the path of a Unix socket. Other targets are left to gRPC.
absl::Status CheckSocketPath(absl::string_view target) {
  absl::string_view path = target;
  if (!absl::ConsumePrefix(&path, "unix:")) return absl::OkStatus();
  absl::ConsumePrefix(&path, "//");
  constexpr size_t kMaxPathBytes = sizeof(sockaddr_un::sun_path) - 1;
  if (path.empty()) return Wrong(target, "the path is missing");
  if (path.size() <= kMaxPathBytes) return absl::OkStatus();
  return Wrong(
      target, absl::StrCat("the path has more than ", kMaxPathBytes, " bytes"));
}

std::string Joined(absl::string_view host, absl::string_view port) {
  return absl::StrContains(host, ':') ? absl::StrCat("[", host, "]:", port)
                                      : absl::StrCat(host, ":", port);
}

}  // namespace

absl::StatusOr<ServerAddress> ParseServerAddress(absl::string_view text) {
  if (absl::StartsWith(text, "/")) {
    return ParseServerAddress(absl::StrCat("unix:", text));
  }
  if (IsTarget(text)) {
    RETURN_IF_ERROR(CheckSocketPath(text));
    return ServerAddress{std::string(text), std::string(text)};
  }
  absl::string_view rest = text;
  for (const absl::string_view scheme : kPlainSchemes) {
    if (absl::ConsumePrefix(&rest, scheme)) absl::ConsumeSuffix(&rest, "/");
  }
  HostAndPort parts = Split(rest);
  if (parts.host.empty()) parts.host = kLocalhost;
  if (parts.port.empty()) parts.port = kDefaultPort;
  if (!IsHost(parts.host)) {
    return Wrong(text, absl::StrCat("\"", parts.host, "\" isn't a host"));
  }
  if (!IsPort(parts.port)) {
    return Wrong(text, absl::StrCat("\"", parts.port, "\" isn't a port"));
  }
  ServerAddress address;
  address.name = Joined(parts.host, parts.port);
  address.target = address.name;
  if (parts.host == kLocalhost && !Resolves("localhost")) {
    address.target = Joined("127.0.0.1", parts.port);
  }
  return address;
}

}  // namespace dissectd::cli
