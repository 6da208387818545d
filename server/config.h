// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CONFIG_H_
#define SERVER_CONFIG_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/base/logging.h"

namespace dissectd::server {

// Where the daemon listens if nothing else is asked for.
inline constexpr char kDefaultListenAddress[] = "localhost:50051";

// How clients connect.
struct TransportConfig {
  // `HOST:PORT`, `unix:/PATH` or `systemd:NAME`. Empty for the sockets that
  // systemd passes or, if there are none, kDefaultListenAddress.
  std::vector<std::string> listen;
  // The mode of the files of Unix sockets.
  uint32_t unix_socket_mode = 0660;
  // The daemon's certificate chain and key, in PEM; both or none.
  std::string tls_certificate;
  std::string tls_key;
  // The authorities whose client certificates are accepted, in PEM. Empty:
  // clients need no certificate.
  std::string tls_client_ca;
  // Whether addresses beyond loopback may be listened on without TLS.
  bool insecure_plaintext = false;
  // The limit of connections; 0: as many as the descriptors allow.
  uint32_t max_connections = 0;
  uint32_t max_connections_per_peer = 256;
  uint32_t max_streams_per_connection = 100;
  // The memory for messages that are being received or sent, in bytes.
  uint64_t max_message_memory_bytes = uint64_t{256} << 20;
  // The time after which a connection without calls is closed.
  std::chrono::seconds idle_timeout{3600};
  // The time between NOT_SERVING and refusing calls, after SIGTERM.
  std::chrono::seconds lame_duck{0};
};

// The files and options that identify callers and give them permissions.
struct IdentityConfig {
  // Files; empty for none.
  std::string token_file;
  // A public key in PEM, or a JSON Web Key Set.
  std::string jwt_keys;
  // The algorithms that are accepted, for example `RS256`.
  std::vector<std::string> jwt_algorithms;
  std::string jwt_audience;
  // Empty: any.
  std::string jwt_issuer;
  // Whether client certificates and users of Unix sockets identify callers.
  bool certificates = false;
  bool unix_users = false;
  // The principals of proxies that may name the callers whose calls they pass
  // on, such as `certificate:edge.example`.
  std::vector<std::string> trusted_proxies;
  // The policy; empty for none.
  std::string policy;
  // The audit log, a file that is appended to; empty for the daemon's log.
  std::string audit_log;
};

// How processes that dissect are confined.
struct IsolationConfig {
  // Whether workers run without a sandbox if the kernel offers none.
  bool allow_without_sandbox = false;
  // The user of the daemon if it is started as root; empty to stay root.
  std::string user;
  // Whether plugins in the folders of the user are loaded.
  bool allow_plugins = false;
  // 0: no limit.
  uint64_t worker_memory_bytes = uint64_t{8} << 30;
  std::chrono::seconds worker_processor_time{0};
  uint32_t max_crashes_per_call = 16;
  // Where frames that crash a dissector are kept; empty: nowhere.
  std::string crashing_frames;
};

// Each caller's share of the daemon, and what all have together.
struct ShareConfig {
  uint32_t max_calls = 256;
  uint32_t max_workers = 32;
  uint32_t max_captures = 32;
  // 0: no limit.
  uint32_t calls_per_second = 0;
  uint64_t upload_quota_bytes = uint64_t{5} << 30;
  // The numbers of uploads and exports of one caller, and of all.
  uint32_t max_stored_files = 10'000;
  uint32_t max_stored_files_of_all = 100'000;
  // 0: no limit.
  uint64_t capture_quota_bytes = 0;
  uint64_t min_free_disk_bytes = uint64_t{64} << 20;
  std::chrono::seconds reader_timeout{300};
  std::chrono::seconds sender_timeout{300};
  // 0: no limit.
  std::chrono::seconds max_call_time{0};
};

// The limits of sessions.
struct SessionConfig {
  uint32_t max_sessions = 16;
  // The limit of one caller.
  uint32_t max_sessions_per_caller = 4;
  // The limit of the memory of all processes of a session.
  uint64_t memory_bytes = uint64_t{8} << 30;
  // The time after which a session that nobody uses is closed.
  std::chrono::seconds idle_timeout{600};
};

// An option whose value isn't its default. It has no secrets: options name the
// files that have them.
struct ChangedOption {
  // Without hyphens before it.
  std::string name;
  std::vector<std::string> values;
};

// The configuration of the daemon, from the command line and, for options that
// aren't there, from a file.
struct ServerConfig {
  TransportConfig transport;
  IdentityConfig identity;
  IsolationConfig isolation;
  // The limits of one principal.
  ShareConfig share;
  SessionConfig sessions;
  // The folder of captures.
  std::string store;
  // Which replica this daemon is; empty if it is none. See
  // server/base/replica.h.
  std::string replica;
  LogOptions log;
  // The paths of the engines; empty to look for one next to this program. The
  // first one serves requests that choose none.
  std::vector<std::string> engines;
  // The address at which Prometheus reads metrics, HOST:PORT; empty for none.
  std::string metrics_listen;
  // A path, or the name of a program that is looked for in PATH.
  std::string dumpcap = "dumpcap";
  // The folder of named pipes that clients may capture from; empty for none.
  std::string pipes;
  // The interfaces of extcap programs that clients may capture from.
  std::vector<std::string> extcap;
  // The folder of extcap programs; empty for that of Wireshark.
  std::string extcap_folder;
  // Comments for the files of captures, each without control characters.
  std::vector<std::string> capture_comments;
  // The limit of concurrent calls.
  uint32_t max_calls = 1000;
  // The limit of concurrent captures.
  uint32_t max_captures = 64;
  // The limit of concurrent dissections.
  uint32_t max_workers = 64;
  // The limit of processes that share the second pass of a dissection.
  uint32_t pass_workers =
      std::clamp(std::thread::hardware_concurrency(), 1u, 64u);
  // The limit of all uploads and exports together, in bytes.
  uint64_t upload_quota_bytes = uint64_t{10} << 30;
  // How long captures go on without a daemon; 0: they end with it.
  std::chrono::seconds keep_captures{0};
  // The time that calls have to finish after SIGTERM.
  std::chrono::seconds drain_timeout{10};
  // The Wireshark profile that all calls start with.
  std::string profile = "Default";
  // Whether clients may have host names looked up on the network.
  bool allow_external_resolver = false;
  // Whether calls may have scripts in Lua, which run with the daemon's rights.
  bool allow_lua = false;
  // The options that the operator has changed, sorted by name, for diagnostics.
  std::vector<ChangedOption> changed_options;
};

// Fills in `config`. Returns the exit status of the process if it has nothing
// more to do, after printing help or an error.
std::optional<int> ParseConfig(int argc, char** argv, ServerConfig* config);

}  // namespace dissectd::server

#endif  // SERVER_CONFIG_H_
