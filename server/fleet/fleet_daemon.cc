// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/fleet_daemon.h"

#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server_builder.h>

#include <thread>
#include <utility>

#include "core/base/status_macros.h"
#include "server/base/limits.h"
#include "server/exit_after.h"
#include "server/fleet/fleet_collector.h"
#include "server/fleet/observed_fleet.h"
#include "server/identity/caller_authenticator.h"
#include "server/identity_check.h"
#include "server/metrics/state_source.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// What nodes have to end captures whose callers are gone, at the end.
constexpr std::chrono::seconds kRemovalTimeout(5);
constexpr std::chrono::milliseconds kPollInterval(10);

TransportConfig WithDefaultAddress(TransportConfig config, bool has_sockets) {
  if (config.listen.empty() && !has_sockets) {
    config.listen = {kDefaultFleetAddress};
  }
  return config;
}

}  // namespace

FleetDaemon::FleetDaemon(const FleetConfig& config, Parts parts)
    : config_(config),
      transport_(std::move(parts.transport)),
      authenticator_(std::move(parts.authenticator)),
      credentials_(std::move(parts.credentials)),
      // The nodes decide what callers may do.
      admission_({config.max_calls,
                  1,
                  authenticator_.get(),
                  nullptr,
                  {&call_log_, transport_->flood_guard(), metrics_->observer()},
                  {config.max_calls_per_principal, 1, config.calls_per_second},
                  {config.reader_timeout}}),
      nodes_(credentials_.get()),
      service_({&admission_, &loop_, &pool_, &file_queue_},
               {{&loop_, config.connections.timeout, running_calls_},
                &nodes_,
                config.stream_buffer_bytes,
                &mergers_}) {}

absl::StatusOr<FleetDaemon::Parts> FleetDaemon::Open(
    const FleetConfig& config, std::vector<PassedSocket> passed) {
  const TransportConfig listen =
      WithDefaultAddress(config.transport, !passed.empty());
  ASSIGN_OR_RETURN(std::unique_ptr<Transport> transport,
                   Transport::Prepare(listen, {}, std::move(passed)));
  RETURN_IF_ERROR(CheckIdentities(config.identity, listen, *transport));
  RETURN_IF_ERROR(transport->Secure());
  ASSIGN_OR_RETURN(
      std::unique_ptr<Authenticator> authenticator,
      CallerAuthenticator::Open(config.identity, transport->users()));
  ASSIGN_OR_RETURN(std::unique_ptr<NodeCredentials> credentials,
                   NodeCredentials::Load(config.connections));
  return Parts{std::move(transport), std::move(authenticator),
               std::move(credentials)};
}

absl::StatusOr<std::unique_ptr<FleetDaemon>> FleetDaemon::Start(
    const FleetConfig& config, std::vector<PassedSocket> passed) {
  ASSIGN_OR_RETURN(Parts parts, Open(config, std::move(passed)));
  // make_unique can't call the private constructor.
  std::unique_ptr<FleetDaemon> daemon(
      new FleetDaemon(config, std::move(parts)));
  RETURN_IF_ERROR(daemon->WatchNodes());
  RETURN_IF_ERROR(daemon->Listen());
  RETURN_IF_ERROR(daemon->StartMetrics());
  const NodeConnectionConfig& connections = config.connections;
  if (daemon->authenticator_ == nullptr &&
      (!connections.token_file.empty() || !connections.certificate.empty())) {
    spdlog::warn(
        "callers aren't identified: whoever can connect has the fleet's rights "
        "at the nodes");
  }
  return daemon;
}

absl::Status FleetDaemon::WatchNodes() {
  ASSIGN_OR_RETURN(
      watch_,
      NodeWatch::Start(config_.nodes, [this](const NodeWatch::List& found) {
        loop_.Post([this, found] { nodes_.Set(found); });
      }));
  return absl::OkStatus();
}

absl::Status FleetDaemon::Listen() {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  transport_->Configure(&builder);
  builder.SetMaxReceiveMessageSize(kMaxRequestBytes);
  builder.RegisterService(&service_);
  reflection_.SetServices({"grpc.health.v1.Health",
                           "grpc.reflection.v1alpha.ServerReflection",
                           service_.name()});
  builder.RegisterCallbackGenericService(&reflection_);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) return absl::InternalError("can't start gRPC");
  server_->GetHealthCheckService()->SetServingStatus(service_.name(), true);
  return transport_->Listen(server_.get());
}

absl::Status FleetDaemon::StartMetrics() {
  if (config_.metrics_listen.empty()) return absl::OkStatus();
  const ObservedFleet fleet = {&config_,     &nodes_,          &mergers_,
                               watch_.get(), transport_.get(), &admission_};
  metrics::StateSource<FleetState> source;
  source.loop = &loop_;
  source.describe_on_loop = [fleet](FleetState* state) {
    DescribeLoop(fleet, state);
  };
  source.describe = [fleet](FleetState* state) {
    DescribeOthers(fleet, state);
  };
  metrics_->SetCollector(std::make_unique<FleetCollector>(std::move(source)));
  ASSIGN_OR_RETURN(metrics_endpoint_, metrics::MetricsEndpoint::Listen(
                                          config_.metrics_listen, metrics_));
  return absl::OkStatus();
}

FleetDaemon::~FleetDaemon() { Stop(); }

std::chrono::seconds FleetDaemon::AnnounceStop() {
  ExitAfter(config_.transport.lame_duck + config_.drain_timeout + kStopTimeout);
  server_->GetHealthCheckService()->Shutdown();
  return config_.transport.lame_duck;
}

void FleetDaemon::Stop() {
  ExitAfter(config_.drain_timeout + kStopTimeout);
  if (server_ != nullptr) {
    server_->GetHealthCheckService()->Shutdown();
    admission_.CloseAndWait(config_.drain_timeout);
    transport_->ShutDown(server_.get());
  }
  // Prometheus sees the fleet until its calls have ended.
  metrics_endpoint_.reset();
  metrics_->SetCollector(nullptr);
  watch_.reset();
  // The service has one reference, and this another one.
  const auto end = std::chrono::steady_clock::now() + kRemovalTimeout;
  while (running_calls_.use_count() > 2 &&
         std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(kPollInterval);
  }
  pool_.join();
  loop_.Stop();
  server_.reset();
  call_log_.Flush();
}

}  // namespace dissectd::server
