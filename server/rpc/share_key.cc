// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/share_key.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace dissectd::server {
namespace {

constexpr size_t kNetworkBytes = 8;
constexpr size_t kMappedAddressStart = 12;

std::string Text(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  inet_ntop(family, address, text.data(), text.size());
  return text.data();
}

// Returns the network of an address, without what follows `%`, the interface.
// Returns the text itself if it isn't an address.
std::string NetworkOf(absl::string_view text) {
  in6_addr address = {};
  const std::string number(text.substr(0, text.find('%')));
  if (inet_pton(AF_INET6, number.c_str(), &address) != 1) {
    return absl::StrCat("ipv6:", text);
  }
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    return absl::StrCat("ipv4:",
                        Text(AF_INET, &address.s6_addr[kMappedAddressStart]));
  }
  std::fill(std::begin(address.s6_addr) + kNetworkBytes,
            std::end(address.s6_addr), 0);
  return absl::StrCat("ipv6:", Text(AF_INET6, &address), "/64");
}

}  // namespace

std::string ShareKeyOf(absl::string_view peer) {
  if (absl::StartsWith(peer, "fd:")) return "unix:";
  if (absl::StartsWith(peer, "ipv4:")) {
    return std::string(peer.substr(0, peer.rfind(':')));
  }
  absl::string_view rest = peer;
  if (!absl::ConsumePrefix(&rest, "ipv6:")) return std::string(peer);
  // gRPC writes the address as in a URI.
  const std::string host =
      absl::StrReplaceAll(rest.substr(0, rest.rfind(':')),
                          {{"%5B", ""}, {"%5D", ""}, {"[", ""}, {"]", ""}});
  return NetworkOf(host);
}

}  // namespace dissectd::server
