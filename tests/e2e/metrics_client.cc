// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/metrics_client.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace dissectd {

std::string MetricsClient::ReadAll() const {
  constexpr char kRequest[] = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) ==
          0 &&
      send(fd, kRequest, sizeof(kRequest) - 1, MSG_NOSIGNAL) > 0) {
    char part[4096];
    ssize_t count = 0;
    while ((count = recv(fd, part, sizeof(part), 0)) > 0) {
      answer.append(part, static_cast<size_t>(count));
    }
  }
  close(fd);
  if (!absl::StartsWith(answer, "HTTP/1.1 200 OK\r\n")) return "";
  // The first line of the body begins like any other.
  return answer.substr(answer.find("\r\n\r\n") + 3);
}

std::optional<double> MetricsClient::Read(const std::string& metric) const {
  const std::string all = ReadAll();
  const std::string sign = absl::StrCat("\n", metric, " ");
  const size_t at = all.find(sign);
  if (at == std::string::npos) return std::nullopt;
  return std::stod(all.substr(at + sign.size()));
}

}  // namespace dissectd
