// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/listening_socket.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace dissectd::server {
namespace {

constexpr int kOn = 1;
constexpr int kOff = 0;

// A port that the system chooses for the first address of a host may be in use
// at the next one.
constexpr int kMaxAttempts = 10;

// Returns the number of the file if it is a socket, otherwise 0.
ino_t SocketFileAt(const std::string& path) {
  struct stat file = {};
  const bool is_socket =
      lstat(path.c_str(), &file) == 0 && S_ISSOCK(file.st_mode);
  return is_socket ? file.st_ino : 0;
}

uint16_t* PortIn(SocketAddress* address) {
  if (address->storage.ss_family == AF_INET6) {
    return &reinterpret_cast<sockaddr_in6*>(&address->storage)->sin6_port;
  }
  return &reinterpret_cast<sockaddr_in*>(&address->storage)->sin_port;
}

void Prepare(int fd, const SocketAddress& address) {
  if (address.storage.ss_family == AF_UNIX) return;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &kOn, sizeof(kOn));
  if (address.storage.ss_family != AF_INET6) return;
  // `[::]` is for IPv4, too.
  const auto* ip = reinterpret_cast<const sockaddr_in6*>(&address.storage);
  const bool any = IN6_IS_ADDR_UNSPECIFIED(&ip->sin6_addr);
  setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, any ? &kOff : &kOn, sizeof(kOn));
}

// Returns whether an error means that this machine doesn't have the address.
bool IsAbsent(int error) {
  return error == EADDRNOTAVAIL || error == EAFNOSUPPORT;
}

// Returns an option of a socket that is a number; -1 if there is none.
int SocketOption(int fd, int option) {
  int value = -1;
  socklen_t size = sizeof(value);
  return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

// Sets the mode of the file of a socket that isn't listened on yet. Follows no
// symbolic link that another user may have put in its place. Returns an error
// number; 0 for none.
int SetMode(const std::string& path, mode_t mode) {
  const UniqueFd file(open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct stat status = {};
  if (!file.valid() || fstat(file.get(), &status) != 0) return errno;
  if (!S_ISSOCK(status.st_mode)) return ENOTSOCK;
  // There is no fchmod for such descriptors.
  const std::string link = absl::StrCat("/proc/self/fd/", file.get());
  return chmod(link.c_str(), mode) == 0 ? 0 : errno;
}

}  // namespace

ListeningSocket::ListeningSocket(UniqueFd fd, bool is_unix, std::string path)
    : fd_(std::move(fd)),
      is_unix_(is_unix),
      path_(std::move(path)),
      inode_(SocketFileAt(path_)) {}

ListeningSocket::ListeningSocket(ListeningSocket&& other) noexcept
    : fd_(std::move(other.fd_)),
      is_unix_(other.is_unix_),
      path_(std::exchange(other.path_, std::string())),
      inode_(other.inode_) {}

// Another daemon may have put its socket there.
ListeningSocket::~ListeningSocket() {
  if (!path_.empty() && SocketFileAt(path_) == inode_) unlink(path_.c_str());
}

int ListeningSocket::Port() const {
  if (is_unix()) return 0;
  SocketAddress address;
  address.size = sizeof(address.storage);
  getsockname(fd(), address.get(), &address.size);
  return ntohs(*PortIn(&address));
}

int ListeningSocket::Bind(const SocketAddress& address, const ListenAddress& of,
                          std::vector<ListeningSocket>* sockets) {
  const std::string& path = of.path;
  UniqueFd fd(socket(address.storage.ss_family,
                     SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return errno;
  Prepare(fd.get(), address);
  if (!path.empty() && SocketFileAt(path) != 0) unlink(path.c_str());
  // The file gets the socket's mode, but without the bits of the umask.
  if (!path.empty() && fchmod(fd.get(), of.mode) != 0) return errno;
  if (bind(fd.get(), address.get(), address.size) != 0) return errno;
  ListeningSocket bound(std::move(fd), !path.empty(), path);
  if (!path.empty()) {
    const int error = SetMode(path, of.mode);
    if (error != 0) return error;
  }
  if (listen(bound.fd(), SOMAXCONN) != 0) return errno;
  sockets->push_back(std::move(bound));
  return 0;
}

int ListeningSocket::BindAll(const ListenAddress& address,
                             std::vector<ListeningSocket>* sockets) {
  int absent = EADDRNOTAVAIL;
  for (SocketAddress each : address.addresses) {
    if (address.path.empty() && *PortIn(&each) == 0 && !sockets->empty()) {
      *PortIn(&each) = htons(static_cast<uint16_t>(sockets->front().Port()));
    }
    const int error = Bind(each, address, sockets);
    if (IsAbsent(error)) {
      absent = error;
    } else if (error != 0) {
      return error;
    }
  }
  return sockets->empty() ? absent : 0;
}

absl::StatusOr<ListeningSocket> ListeningSocket::Adopt(UniqueFd fd) {
  const int family = SocketOption(fd.get(), SO_DOMAIN);
  if (family != AF_UNIX && family != AF_INET && family != AF_INET6) {
    return absl::FailedPreconditionError(
        "it is neither a socket for IP nor a Unix socket");
  }
  if (SocketOption(fd.get(), SO_TYPE) != SOCK_STREAM ||
      SocketOption(fd.get(), SO_ACCEPTCONN) != 1) {
    return absl::FailedPreconditionError(
        "it doesn't listen for connections; the socket unit needs "
        "ListenStream= and Accept=no");
  }
  const int flags = fcntl(fd.get(), F_GETFL);
  if (flags < 0 || fcntl(fd.get(), F_SETFL, flags | O_NONBLOCK) != 0) {
    return absl::FailedPreconditionError(std::strerror(errno));
  }
  return ListeningSocket(std::move(fd), family == AF_UNIX, std::string());
}

absl::StatusOr<std::vector<ListeningSocket>> ListeningSocket::Open(
    const ListenAddress& address) {
  SocketAddress first = address.addresses.front();
  const bool any_port = address.path.empty() && *PortIn(&first) == 0;
  int error = 0;
  for (int i = 0; i < (any_port ? kMaxAttempts : 1); ++i) {
    std::vector<ListeningSocket> sockets;
    error = BindAll(address, &sockets);
    if (error == 0) return sockets;
    if (error != EADDRINUSE) break;
  }
  return absl::UnavailableError(absl::StrCat(
      "can't listen on ", address.text, ": ", std::strerror(error),
      error == EADDRNOTAVAIL ? " (this machine doesn't have it)" : ""));
}

}  // namespace dissectd::server
