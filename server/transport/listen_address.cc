// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/listen_address.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
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

absl::Status Unavailable(const std::string& text, absl::string_view why) {
  return absl::UnavailableError(
      absl::StrCat("can't listen on ", text, ": ", why));
}

absl::StatusOr<ListenAddress> SocketAt(const std::string& text,
                                       const std::string& path) {
  ListenAddress found;
  found.text = text;
  found.path = path;
  found.addresses.emplace_back();
  auto* address =
      reinterpret_cast<sockaddr_un*>(&found.addresses.front().storage);
  if (path.size() >= sizeof(address->sun_path)) {
    return Unavailable(text, "the path is too long for a socket");
  }
  address->sun_family = AF_UNIX;
  path.copy(address->sun_path, path.size());
  found.addresses.front().size = sizeof(sockaddr_un);
  return found;
}

// Returns the result of getaddrinfo.
int LookUp(const std::string& host, const std::string& port,
           addrinfo** result) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  return getaddrinfo(host.c_str(), port.c_str(), &hints, result);
}

absl::StatusOr<ListenAddress> PortAt(const std::string& text) {
  const size_t colon = text.rfind(':');
  const std::string port = text.substr(colon + 1);
  std::string host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  addrinfo* result = nullptr;
  int error = LookUp(host, port, &result);
  if (error != 0 && host == "localhost") {
    error = LookUp("127.0.0.1", port, &result);
  }
  if (error != 0) return Unavailable(text, gai_strerror(error));
  const AddressList list(result, &freeaddrinfo);
  ListenAddress found;
  found.text = text;
  for (const addrinfo* each = result; each != nullptr; each = each->ai_next) {
    SocketAddress& address = found.addresses.emplace_back();
    address.size = each->ai_addrlen;
    std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
  }
  return found;
}

bool IsLoopback(const SocketAddress& address) {
  if (address.storage.ss_family == AF_INET) {
    constexpr uint32_t kLoopbackNetwork = 127;
    const auto* ip = reinterpret_cast<const sockaddr_in*>(&address.storage);
    return ntohl(ip->sin_addr.s_addr) >> 24 == kLoopbackNetwork;
  }
  const auto* ip = reinterpret_cast<const sockaddr_in6*>(&address.storage);
  return address.storage.ss_family == AF_INET6 &&
         IN6_IS_ADDR_LOOPBACK(&ip->sin6_addr);
}

bool AcceptsConnections(const SocketAddress& address) {
  const UniqueFd client(
      socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // EAGAIN means that another process listens, and is too busy to accept.
  return connect(client.get(), address.get(), address.size) == 0 ||
         errno == EAGAIN;
}

}  // namespace

absl::StatusOr<ListenAddress> ResolveListenAddress(const std::string& text) {
  const std::optional<std::string> path = SocketPath(text);
  return path.has_value() ? SocketAt(text, *path) : PortAt(text);
}

bool IsLocal(const ListenAddress& address) {
  return !address.path.empty() ||
         std::all_of(address.addresses.begin(), address.addresses.end(),
                     IsLoopback);
}

absl::Status CheckSocketUnused(const ListenAddress& address) {
  if (!address.path.empty() && AcceptsConnections(address.addresses.front())) {
    return absl::AlreadyExistsError(
        absl::StrCat("can't listen on ", address.text,
                     ": another process is serving there"));
  }
  return absl::OkStatus();
}

}  // namespace dissectd::server
