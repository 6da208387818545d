// SPDX-License-Identifier: GPL-2.0-or-later

// Nodes that DNS knows.

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "server/fleet/node_list.h"
#include "server/fleet/node_names.h"

namespace dissectd::server {
namespace {

constexpr absl::string_view kServicePrefix = "srv:";

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};

// Owns the state of a resolver, which belongs to one thread.
class Resolver {
 public:
  Resolver() { res_ninit(&state_); }
  ~Resolver() { res_nclose(&state_); }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // Returns the number of bytes of the answer; -1 if there is none.
  int Query(const std::string& name, int type, unsigned char* answer,
            size_t size) {
    return res_nsearch(&state_, name.c_str(), ns_c_in, type, answer,
                       static_cast<int>(size));
  }

 private:
  struct __res_state state_ = {};
};

struct Service {
  std::string host;
  uint16_t port = 0;
};

absl::StatusOr<std::vector<NodeAddress>> FindAddresses(
    const std::string& host, const std::string& port) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (error != 0) {
    return absl::UnavailableError(
        absl::StrCat("can't find \"", host, "\": ", gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, FreeAddresses> addresses(found);
  std::map<std::string, std::string> nodes;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    std::array<char, NI_MAXHOST> name = {};
    std::array<char, NI_MAXSERV> number = {};
    if (getnameinfo(each->ai_addr, each->ai_addrlen, name.data(), name.size(),
                    number.data(), number.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0 ||
        !IsNodeId(name.data())) {
      continue;
    }
    const bool is_v6 = each->ai_family == AF_INET6;
    nodes[name.data()] = absl::StrCat(is_v6 ? "[" : "", name.data(),
                                      is_v6 ? "]:" : ":", number.data());
  }
  std::vector<NodeAddress> list;
  list.reserve(nodes.size());
  for (const auto& [name, address] : nodes) list.push_back({name, address});
  return list;
}

absl::StatusOr<std::vector<Service>> ParseServices(
    const std::vector<unsigned char>& answer, const std::string& name) {
  // Priority, weight and port come before the host.
  constexpr size_t kPortOffset = 4;
  constexpr size_t kHostOffset = 6;
  const absl::Status malformed = absl::UnavailableError(
      absl::StrCat("the answer about \"", name, "\" is malformed"));
  ns_msg message;
  if (ns_initparse(answer.data(), static_cast<int>(answer.size()), &message) !=
      0) {
    return malformed;
  }
  std::vector<Service> services;
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    ns_rr record;
    if (ns_parserr(&message, ns_s_an, i, &record) != 0) return malformed;
    if (ns_rr_type(record) != ns_t_srv) continue;
    std::array<char, NS_MAXDNAME> host = {};
    const unsigned char* data = ns_rr_rdata(record);
    if (ns_rr_rdlen(record) <= kHostOffset ||
        dn_expand(answer.data(), answer.data() + answer.size(),
                  data + kHostOffset, host.data(), host.size()) < 0) {
      return malformed;
    }
    services.push_back(
        {host.data(), static_cast<uint16_t>(ns_get16(data + kPortOffset))});
  }
  return services;
}

absl::StatusOr<std::vector<NodeAddress>> FindServices(const std::string& name) {
  // The largest message of DNS.
  std::vector<unsigned char> answer(NS_MAXMSG);
  Resolver resolver;
  const int size = resolver.Query(name, ns_t_srv, answer.data(), answer.size());
  if (size < 0) {
    return absl::UnavailableError(
        absl::StrCat("can't find SRV records of \"", name, "\""));
  }
  answer.resize(std::min<size_t>(static_cast<size_t>(size), answer.size()));
  ASSIGN_OR_RETURN(const std::vector<Service> services,
                   ParseServices(answer, name));
  std::map<std::string, size_t> ports_of_host;
  for (const Service& service : services) ++ports_of_host[service.host];
  std::vector<NodeAddress> nodes;
  for (const Service& service : services) {
    std::string id = ports_of_host[service.host] > 1
                         ? absl::StrCat(service.host, ":", service.port)
                         : service.host;
    if (!IsNodeId(id)) continue;
    nodes.push_back(
        {std::move(id), absl::StrCat(service.host, ":", service.port)});
  }
  return nodes;
}

}  // namespace

absl::StatusOr<std::vector<NodeAddress>> FindNodesInDns(
    const std::string& query) {
  absl::string_view name = query;
  if (absl::ConsumePrefix(&name, kServicePrefix)) {
    return FindServices(std::string(name));
  }
  const size_t colon = query.rfind(':');
  return FindAddresses(query.substr(0, colon), query.substr(colon + 1));
}

std::string CheckDnsQuery(const std::string& query) {
  absl::string_view name = query;
  const bool is_service = absl::ConsumePrefix(&name, kServicePrefix);
  const size_t colon = name.rfind(':');
  const bool has_port =
      colon != absl::string_view::npos && colon > 0 && colon + 1 < name.size();
  if (is_service ? !name.empty() && colon == absl::string_view::npos
                 : has_port) {
    return "";
  }
  return absl::StrCat("\"", query, "\" is neither HOST:PORT nor srv:NAME");
}

}  // namespace dissectd::server
