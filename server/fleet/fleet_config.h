// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_FLEET_CONFIG_H_
#define SERVER_FLEET_FLEET_CONFIG_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/base/logging.h"
#include "server/config.h"

namespace dissectd::server {

// Where dissectd-fleet listens if nothing else is asked for.
inline constexpr char kDefaultFleetAddress[] = "localhost:50052";

// Where the nodes are. One of both is empty.
struct NodeSourceConfig {
  // A file with a list of nodes.
  std::string file;
  // What to ask DNS for; see FindNodesInDns.
  std::string dns;
  // The time between two questions to DNS.
  std::chrono::seconds dns_interval{10};
};

// How the fleet connects to nodes.
struct NodeConnectionConfig {
  // The authorities of the nodes' certificates, in PEM; empty without TLS.
  std::string authorities;
  // The fleet's certificate chain and key for nodes, in PEM; both or none.
  std::string certificate;
  std::string key;
  // The name that the certificates of all nodes have; empty: the host of each
  // node's address.
  std::string server_name;
  // A file with the fleet's token for nodes; empty for none.
  std::string token_file;
  // Whether nodes are called without TLS.
  bool insecure_plaintext = false;
  // The time that a node has to answer a call that isn't a stream.
  std::chrono::seconds timeout{10};
};

// The configuration of the fleet.
struct FleetConfig {
  TransportConfig transport;
  IdentityConfig identity;
  LogOptions log;
  NodeSourceConfig nodes;
  NodeConnectionConfig connections;
  // The limit of concurrent calls, and that of one caller.
  uint32_t max_calls = 1000;
  uint32_t max_calls_per_principal = 256;
  // 0: no limit.
  uint32_t calls_per_second = 0;
  // The address at which Prometheus reads metrics, HOST:PORT; empty for none.
  std::string metrics_listen;
  std::chrono::seconds reader_timeout{300};
  std::chrono::seconds drain_timeout{10};
  // What is kept of each stream of a node until it is its turn, in bytes.
  uint64_t stream_buffer_bytes = uint64_t{1} << 20;
};

// Fills in `config`. Returns the exit status of the process if it has nothing
// more to do, after printing help or an error.
std::optional<int> ParseFleetConfig(int argc, char** argv, FleetConfig* config);

}  // namespace dissectd::server

#endif  // SERVER_FLEET_FLEET_CONFIG_H_
