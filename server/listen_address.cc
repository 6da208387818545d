// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/listen_address.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "server/base/unique_fd.h"

namespace dissectd::server {
namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

// Returns the path of `unix:PATH` or `unix:///PATH`; absent for other
// addresses.
std::optional<std::string> SocketPath(absl::string_view address) {
  if (!absl::ConsumePrefix(&address, "unix:")) return std::nullopt;
  absl::ConsumePrefix(&address, "//");
  return std::string(address);
}

std::optional<sockaddr_un> SocketAddress(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return std::nullopt;
  path.copy(address.sun_path, path.size());
  return address;
}

UniqueFd OpenSocket(int family) {
  return UniqueFd(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

bool AcceptsConnections(const std::string& path) {
  const std::optional<sockaddr_un> address = SocketAddress(path);
  if (!address.has_value()) return false;
  const UniqueFd client(
      socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // EAGAIN means that another process listens, and is too busy to accept.
  return connect(client.get(), reinterpret_cast<const sockaddr*>(&*address),
                 sizeof(*address)) == 0 ||
         errno == EAGAIN;
}

// Returns why the address can't be bound; empty if it can.
std::string TrySocket(const std::string& path) {
  const std::optional<sockaddr_un> address = SocketAddress(path);
  if (!address.has_value()) return "the path is too long for a socket";
  const UniqueFd server = OpenSocket(AF_UNIX);
  if (bind(server.get(), reinterpret_cast<const sockaddr*>(&*address),
           sizeof(*address)) != 0) {
    return std::strerror(errno);
  }
  unlink(path.c_str());
  return std::string();
}

// Like TrySocket, for a port.
std::string TryPort(const std::string& address) {
  const size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(
          host.c_str(), address.substr(colon + 1).c_str(), &hints, &found)) {
    return gai_strerror(error);
  }
  const AddressList addresses(found, &freeaddrinfo);
  std::string why;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    const UniqueFd server = OpenSocket(each->ai_family);
    constexpr int kOn = 1;
    setsockopt(server.get(), SOL_SOCKET, SO_REUSEADDR, &kOn, sizeof(kOn));
    if (bind(server.get(), each->ai_addr, each->ai_addrlen) == 0 &&
        listen(server.get(), 1) == 0) {
      // gRPC succeeds if it can bind one of several addresses.
      return std::string();
    }
    why = std::strerror(errno);
  }
  return why;
}

bool Resolves(const char* host) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const bool resolves = getaddrinfo(host, nullptr, &hints, &found) == 0;
  const AddressList addresses(found, &freeaddrinfo);
  return resolves;
}

}  // namespace

std::string AddressToBind(const std::string& address) {
  absl::string_view port = address;
  if (!absl::ConsumePrefix(&port, "localhost:") || Resolves("localhost")) {
    return address;
  }
  return absl::StrCat("127.0.0.1:", port);
}

absl::Status CheckSocketsUnused(const std::vector<std::string>& addresses) {
  for (const std::string& address : addresses) {
    const std::optional<std::string> path = SocketPath(address);
    if (path.has_value() && AcceptsConnections(*path)) {
      return absl::AlreadyExistsError(absl::StrCat(
          "can't listen on ", address, ": another process is serving there"));
    }
  }
  return absl::OkStatus();
}

absl::Status ExplainListenFailure(const std::vector<std::string>& addresses) {
  for (const std::string& address : addresses) {
    const std::optional<std::string> path = SocketPath(address);
    const std::string why =
        path.has_value() ? TrySocket(*path) : TryPort(address);
    if (!why.empty()) {
      return absl::UnavailableError(
          absl::StrCat("can't listen on ", address, ": ", why));
    }
  }
  return absl::UnavailableError(
      absl::StrCat("can't listen on ", absl::StrJoin(addresses, ", ")));
}

}  // namespace dissectd::server
