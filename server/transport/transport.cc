// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/transport.h"

#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_posix.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "core/base/status_macros.h"
#include "server/transport/activated_socket.h"
#include "server/transport/grpc_threads.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The time for TLS's handshake and HTTP/2's first frames.
constexpr seconds kHandshakeTimeout(10);
// A peer that is silent for the first time is asked whether it is there, and
// has the second to answer.
constexpr seconds kKeepaliveTime(60);
constexpr seconds kKeepaliveTimeout(20);
// Clients behind proxies ask every ten seconds. Clocks aren't exact.
constexpr seconds kMinPingInterval(5);
// Room for tokens, which are rarely longer than a few thousand bytes.
constexpr int kMaxMetadataBytes = 16 << 10;

constexpr seconds kRefreshInterval(1);

// The time within which calls are refused that arrive while the program stops.
// After it, gRPC cancels them, as it always does with the few that reach it in
// the moment in which it ends; clients can't see then that they may try
// elsewhere. With a lame duck, no calls come any more.
constexpr seconds kRefusalTimeout(1);

void AddMilliseconds(grpc::ServerBuilder* builder, const char* name,
                     milliseconds value) {
  constexpr milliseconds kLongest(INT32_MAX);
  builder->AddChannelArgument(
      name, static_cast<int>(std::min(value, kLongest).count()));
}

void ConfigureConnections(const TransportConfig& config,
                          grpc::ServerBuilder* builder) {
  AddMilliseconds(builder, GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
                  kHandshakeTimeout);
  AddMilliseconds(builder, GRPC_ARG_MAX_CONNECTION_IDLE_MS,
                  config.idle_timeout);
  AddMilliseconds(builder, GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveTime);
  AddMilliseconds(builder, GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeout);
  AddMilliseconds(builder,
                  GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                  kMinPingInterval);
  // For connections without calls, too, in both directions.
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  // gRPC would inflate a message before it checks its size.
  for (const grpc_compression_algorithm algorithm :
       {GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_GZIP}) {
    builder->SetCompressionAlgorithmSupportStatus(algorithm, false);
  }
  builder->AddChannelArgument(
      GRPC_ARG_MAX_CONCURRENT_STREAMS,
      static_cast<int>(config.max_streams_per_connection));
}

// No peer may have all connections.
uint32_t MaxPerPeer(const TransportConfig& config, uint32_t max_connections) {
  return std::max(
      1u, std::min(config.max_connections_per_peer, max_connections / 2));
}

// What gRPC needs to begin with a connection that was just accepted.
constexpr absl::Duration kHandoverTimeout = absl::Seconds(1);

// Calls that are cancelled but haven't ended don't count as streams.
constexpr uint32_t kCallsPerStream = 4;

ConnectionTable::Limits TableLimits(const TransportConfig& config,
                                    uint32_t max_connections) {
  return {max_connections, MaxPerPeer(config, max_connections),
          kCallsPerStream * config.max_streams_per_connection};
}

// Beyond this, the memory isn't used by messages.
uint64_t MemoryLimit(const TransportConfig& config) {
  constexpr uint64_t kOther = uint64_t{128} << 20;
  constexpr uint64_t kFactor = 2;
  return kOther + kFactor * config.max_message_memory_bytes;
}

// Returns the address with the port that was chosen for port 0.
std::string BoundAddress(const ListenAddress& address, int port) {
  if (!address.path.empty()) return address.text;
  return absl::StrCat(address.text.substr(0, address.text.rfind(':')), ":",
                      port);
}

bool IsUnix(const ListenAddress& address) { return !address.path.empty(); }

// A socket unit that is started is meant to be used.
std::vector<std::string> DefaultAddresses(bool has_passed_sockets) {
  return {has_passed_sockets ? "systemd:" : kDefaultListenAddress};
}

uint32_t MaxConnections(const TransportConfig& config,
                        const DescriptorNeeds& needs) {
  const uint64_t limit = RaiseDescriptorLimit();
  const uint32_t budget =
      ConnectionBudget(limit, CountOpenDescriptors(), needs);
  if (config.max_connections == 0) return budget;
  if (config.max_connections > budget) {
    spdlog::warn(
        "the limit of {} open files has room for {} connections instead of {}",
        limit, budget, config.max_connections);
  }
  return std::min(config.max_connections, budget);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Transport>> Transport::Prepare(
    const TransportConfig& config, const DescriptorNeeds& needs,
    std::vector<PassedSocket> passed) {
  RETURN_IF_ERROR(StartGrpcThreads());
  const std::vector<std::string> listen =
      config.listen.empty() ? DefaultAddresses(!passed.empty()) : config.listen;
  ASSIGN_OR_RETURN(std::vector<ActivatedSocket> activated,
                   AdoptSockets(listen, std::move(passed)));
  std::vector<ListenAddress> addresses;
  std::vector<ListeningSocket> sockets;
  for (ActivatedSocket& each : activated) {
    addresses.push_back(std::move(each.address));
    sockets.push_back(std::move(each.socket));
  }
  for (const std::string& text : listen) {
    if (IsActivated(text)) continue;
    ASSIGN_OR_RETURN(ListenAddress address, ResolveListenAddress(text));
    RETURN_IF_ERROR(CheckSocketUnused(address));
    address.mode = config.unix_socket_mode;
    addresses.push_back(std::move(address));
  }
  // make_unique can't call the private constructor.
  return std::unique_ptr<Transport>(
      new Transport(config, std::move(addresses), std::move(sockets),
                    MaxConnections(config, needs)));
}

Transport::Transport(const TransportConfig& config,
                     std::vector<ListenAddress> addresses,
                     std::vector<ListeningSocket> activated,
                     uint32_t max_connections)
    : config_(config),
      addresses_(std::move(addresses)),
      activated_(std::move(activated)),
      max_connections_(max_connections),
      table_(TableLimits(config, max_connections)),
      flood_guard_(&table_),
      refresh_(loop_.context()),
      memory_guard_(&loop_, &table_, MemoryLimit(config)) {}

Transport::~Transport() { StopAccepting(); }

bool Transport::HasUnixSocket() const {
  return std::any_of(addresses_.begin(), addresses_.end(), IsUnix);
}

bool Transport::HasPort() const {
  return !std::all_of(addresses_.begin(), addresses_.end(), IsUnix);
}

absl::Status Transport::Secure() {
  if (config_.tls_certificate.empty()) return CheckPlaintext();
  ASSIGN_OR_RETURN(tls_, TlsCredentials::Load(config_));
  return absl::OkStatus();
}

absl::Status Transport::CheckPlaintext() const {
  for (const ListenAddress& address : addresses_) {
    if (IsLocal(address)) continue;
    if (config_.insecure_plaintext) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("can't listen on ", address.text,
                     " without TLS, as other machines can reach it: set "
                     "--tls-certificate and --tls-key, or "
                     "--insecure-plaintext-from-anywhere"));
  }
  return absl::OkStatus();
}

void Transport::Configure(grpc::ServerBuilder* builder) {
  ConfigureConnections(config_, builder);
  grpc::ResourceQuota quota("messages");
  quota.Resize(config_.max_message_memory_bytes);
  builder->SetResourceQuota(quota);
  std::vector<
      std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>>
      factories;
  factories.push_back(std::make_unique<OpenServiceGuard>(&table_));
  builder->experimental().SetInterceptorCreators(std::move(factories));
  acceptor_ = builder->experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      tls_ == nullptr ? grpc::InsecureServerCredentials() : tls_->Make());
}

absl::StatusOr<std::vector<ListeningSocket>> Transport::OpenSockets() {
  std::vector<ListeningSocket> all = std::move(activated_);
  for (const ListenAddress& address : addresses_) {
    std::string bound = address.text;
    if (!IsActivated(address.text)) {
      // Again, as the daemon needs some time to start.
      RETURN_IF_ERROR(CheckSocketUnused(address));
      ASSIGN_OR_RETURN(std::vector<ListeningSocket> sockets,
                       ListeningSocket::Open(address));
      bound = BoundAddress(address, sockets.front().Port());
      std::move(sockets.begin(), sockets.end(), std::back_inserter(all));
    }
    spdlog::info("listening on {}", bound);
    if (tls_ == nullptr && !IsLocal(address)) {
      spdlog::warn("{} is reachable from other machines, without encryption",
                   address.text);
    }
  }
  return all;
}

absl::Status Transport::Listen(grpc::Server* server) {
  server_ = server;
  ASSIGN_OR_RETURN(std::vector<ListeningSocket> all, OpenSockets());
  absl::Notification listening;
  loop_.Post([this, &all, &listening] {
    listener_ = std::make_unique<Listener>(
        &loop_, std::move(all), &table_,
        [this](UniqueFd fd, bool is_unix) { Deliver(std::move(fd), is_unix); });
    if (tls_ != nullptr) ScheduleRefresh();
    memory_guard_.Start();
    listening.Notify();
  });
  listening.WaitForNotification();
  return absl::OkStatus();
}

std::optional<absl::Time> Transport::CertificateExpiry() const {
  if (tls_ == nullptr) return std::nullopt;
  return tls_->Expiry();
}

void Transport::StopAccepting() {
  loop_.Stop();
  listener_.reset();
  // gRPC has to know all connections that it is to close.
  handover_.AwaitAll(kHandoverTimeout);
}

void Transport::ShutDown(grpc::Server* server) {
  StopAccepting();
  server->Shutdown(std::chrono::system_clock::now() + kRefusalTimeout);
  server->Wait();
  handover_.AwaitAll(absl::InfiniteDuration());
}

void Transport::Deliver(UniqueFd fd, bool is_unix) {
  handover_.Run([this, is_unix, raw = fd.release()] {
    if (is_unix) {
      // gRPC's acceptor would name all peers alike.
      grpc::AddInsecureChannelFromFd(server_, raw);
      return;
    }
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters
        connection;
    connection.fd = raw;
    acceptor_->HandleNewConnection(&connection);
  });
}

void Transport::ScheduleRefresh() {
  refresh_.Start(kRefreshInterval, [this] {
    tls_->Refresh();
    ScheduleRefresh();
  });
}

}  // namespace dissectd::server
