// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/daemon.h"

#include <grpcpp/server_builder.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "core/base/status_macros.h"
#include "server/base/limits.h"
#include "server/exit_after.h"
#include "server/extcap/extcap.h"
#include "server/identity/caller_authenticator.h"
#include "server/identity_check.h"
#include "server/metrics/daemon_collector.h"
#include "server/metrics/state_source.h"
#include "server/observed_parts.h"
#include "server/private_paths.h"
#include "server/process/program_paths.h"
#include "server/transport/peer.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// More than the attachments of a request and the files of a capture need.
constexpr uint64_t kMaxWorkerDescriptors = 1024;

// Larger than all files of a request together, which are in memory. Exports can
// be as large as the quota.
constexpr uint64_t kMinWorkerFileBytes = uint64_t{1} << 30;

// Many times longer than the engine takes to start, even on a busy machine.
constexpr std::chrono::seconds kEngineStartTimeout(60);

// Longer than a capture has until it is killed.
constexpr std::chrono::seconds kCapturesStopTimeout(20);

EngineSupervisor::Options EngineOptions(const ServerConfig& config,
                                        std::string program) {
  EngineSupervisor::Options options;
  options.program = std::move(program);
  options.arguments.emplace_back("--log-level=" + config.log.level);
  options.arguments.emplace_back(
      absl::StrCat("--pass-workers=", config.pass_workers));
  options.arguments.emplace_back("--profile=" + config.profile);
  if (config.allow_external_resolver) {
    options.arguments.emplace_back("--allow-external-resolver");
  }
  if (config.allow_lua) options.arguments.emplace_back("--allow-lua");
  const IsolationConfig& isolation = config.isolation;
  if (isolation.allow_without_sandbox) {
    options.arguments.emplace_back("--allow-without-sandbox");
  }
  if (isolation.allow_plugins) {
    options.arguments.emplace_back("--allow-plugins");
  }
  options.worker_limits.address_space_bytes = isolation.worker_memory_bytes;
  options.worker_limits.processor_seconds =
      static_cast<uint64_t>(isolation.worker_processor_time.count());
  options.worker_limits.open_files = kMaxWorkerDescriptors;
  options.worker_limits.written_file_bytes =
      std::max(config.upload_quota_bytes, kMinWorkerFileBytes);
  return options;
}

// Returns the options of each engine. Errors: a message about one that isn't
// there.
absl::StatusOr<std::vector<EngineSupervisor::Options>> AllEngineOptions(
    const ServerConfig& config) {
  std::vector<std::string> paths = config.engines;
  if (paths.empty()) paths.emplace_back();
  std::vector<EngineSupervisor::Options> all;
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(std::string program, FindEngine(path));
    all.push_back(EngineOptions(config, std::move(program)));
  }
  return all;
}

// Returns the configuration with the limits that depend on the system, for
// clients.
ServerConfig WithComputedLimits(ServerConfig config,
                                const Transport& transport) {
  config.transport.max_connections = transport.max_connections();
  return config;
}

// Checks that frames can be kept if they are to be kept.
absl::Status CheckCrashFolder(const std::string& path) {
  if (path.empty() || access(path.c_str(), W_OK | X_OK) == 0) {
    return absl::OkStatus();
  }
  const int error = errno;
  return {absl::ErrnoToStatusCode(error),
          absl::StrCat("can't write to \"", path,
                       "\", the folder of --keep-crashing-frames: ",
                       std::strerror(error))};
}

}  // namespace

Daemon::Daemon(const ServerConfig& config, Parts parts,
               ServiceNotifier* notifier)
    : config_(WithComputedLimits(config, *parts.transport)),
      notifier_(notifier),
      files_(std::move(parts.files)),
      transport_(std::move(parts.transport)),
      authenticator_(std::move(parts.authenticator)),
      authorization_(std::move(parts.authorization)),
      admission_(
          {config.max_calls,
           config.max_workers,
           authenticator_.get(),
           authorization_->policy(),
           authorization_->ObserversWith(
               {&call_log_, transport_->flood_guard(), metrics_->observer()}),
           {config.share.max_calls, config.share.max_workers,
            config.share.calls_per_second},
           {config.share.reader_timeout, config.share.max_call_time,
            config.share.sender_timeout}}),
      rpc_{&admission_, &loop_, &pool_, &file_queue_} {}

absl::StatusOr<Daemon::Parts> Daemon::Open(const ServerConfig& config,
                                           std::vector<PassedSocket> passed) {
  RETURN_IF_ERROR(CheckCrashFolder(config.isolation.crashing_frames));
  RETURN_IF_ERROR(CheckPathsOutsideStore(config));
  ASSIGN_OR_RETURN(std::unique_ptr<Transport> transport,
                   Transport::Prepare(config.transport,
                                      {config.max_workers, config.max_captures,
                                       config.sessions.max_sessions},
                                      std::move(passed)));
  RETURN_IF_ERROR(
      CheckIdentities(config.identity, config.transport, *transport));
  RETURN_IF_ERROR(transport->Secure());
  ASSIGN_OR_RETURN(FileStore files, FileStore::Open(config.store));
  RETURN_IF_ERROR(files.Lock());
  ASSIGN_OR_RETURN(
      std::unique_ptr<Authenticator> authenticator,
      CallerAuthenticator::Open(config.identity, transport->users()));
  ASSIGN_OR_RETURN(std::unique_ptr<Authorization> authorization,
                   Authorization::Create(config.identity, files.root_fd()));
  return Parts{std::move(files), std::move(transport), std::move(authenticator),
               std::move(authorization)};
}

absl::StatusOr<std::unique_ptr<Daemon>> Daemon::Start(
    const ServerConfig& config, Deps deps) {
  ASSIGN_OR_RETURN(Parts parts, Open(config, std::move(deps.passed)));
  // make_unique can't call the private constructor.
  std::unique_ptr<Daemon> daemon(
      new Daemon(config, std::move(parts), deps.notifier));
  daemon->recent_log_ = std::move(deps.log);
  ASSIGN_OR_RETURN(
      daemon->uploads_,
      UploadStore::Open(&daemon->files_, {{config.upload_quota_bytes,
                                           config.share.upload_quota_bytes,
                                           config.share.min_free_disk_bytes,
                                           config.share.max_stored_files_of_all,
                                           config.share.max_stored_files}}));
  RETURN_IF_ERROR(daemon->StartEngines());
  RETURN_IF_ERROR(daemon->PrepareCapture());
  RETURN_IF_ERROR(daemon->AddServices());
  RETURN_IF_ERROR(daemon->Listen());
  daemon->WatchStore();
  RETURN_IF_ERROR(daemon->StartMetrics());
  if (config.identity.unix_users && !SeesAllUsers()) {
    spdlog::warn(
        "in this user namespace, users can't be told apart unless they have a "
        "number there; the others aren't identified. For systemd, set "
        "PrivateUsers=no");
  }
  return daemon;
}

absl::Status Daemon::OnLoop(absl::FunctionRef<absl::Status()> task) {
  absl::Status status;
  absl::Notification done;
  loop_.Post([&] {
    status = task();
    done.Notify();
  });
  done.WaitForNotification();
  return status;
}

absl::Status Daemon::StartEngines() {
  ASSIGN_OR_RETURN(std::vector<EngineSupervisor::Options> options,
                   AllEngineOptions(config_));
  engines_ = std::make_unique<Engines>(
      &loop_, std::move(options),
      Engines::Events{
          [this](EngineSupervisor* engine) { OnEngineReadyChanged(engine); },
          [this] { engines_settled_.Notify(); }});
  RETURN_IF_ERROR(OnLoop([this] { return engines_->Start(); }));
  const bool settled = engines_settled_.AwaitFor(kEngineStartTimeout);
  const absl::Status usable = OnLoop([this] { return engines_->Check(); });
  if (settled || usable.ok()) return usable;
  return absl::DeadlineExceededError(
      "timed out waiting for the engine to initialise");
}

absl::Status Daemon::PrepareCapture() {
  LiveCapture::Options options;
  options.dumpcap = config_.dumpcap;
  ASSIGN_OR_RETURN(options.filter_compiler, FindCaptureFilterCompiler());
  std::error_code error;
  options.store = std::filesystem::canonical(config_.store, error).string();
  if (error) return absl::NotFoundError(error.message());
  options.policy.pipes = config_.pipes;
  options.policy.extcap = config_.extcap;
  options.policy.comments = config_.capture_comments;
  options.extcap_folder = config_.extcap_folder.empty() ? DefaultExtcapFolder()
                                                        : config_.extcap_folder;
  if (!config_.extcap.empty()) {
    ASSIGN_OR_RETURN(options.extcap_launcher, FindExtcapLauncher());
  }
  options.keeping.patience = config_.keep_captures;
  if (config_.keep_captures.count() > 0) {
    ASSIGN_OR_RETURN(options.keeping.program, FindCaptureKeeper());
  }
  options.max_captures = config_.max_captures;
  options.max_captures_per_caller = config_.share.max_captures;
  options.disk = {config_.share.capture_quota_bytes,
                  config_.share.min_free_disk_bytes};
  capture_ = std::make_unique<LiveCapture>(
      options,
      LiveCapture::Deps{&files_, authorization_->owners(),
                        authorization_->resources(), engines_->first(), rpc_});
  return absl::OkStatus();
}

absl::Status Daemon::Listen() {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  transport_->Configure(&builder);
  builder.SetMaxReceiveMessageSize(kMaxRequestBytes);
  std::vector<std::string> names = {"grpc.health.v1.Health",
                                    "grpc.reflection.v1alpha.ServerReflection"};
  for (RpcService* service : services_) {
    builder.RegisterService(service);
    names.push_back(service->name());
  }
  reflection_.SetServices(std::move(names));
  builder.RegisterCallbackGenericService(&reflection_);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) return absl::InternalError("can't start gRPC");
  loop_.Post([this, health = server_->GetHealthCheckService()] {
    health_ = health;
    UpdateHealth();
  });
  return transport_->Listen(server_.get());
}

void Daemon::WatchStore() {
  store_watch_ = std::make_unique<StoreWatch>(StoreWatch::Deps{
      &loop_, &pool_, &files_, uploads_.get(), [this](bool there) {
        store_there_ = there;
        UpdateHealth();
      }});
  loop_.Post([watch = store_watch_.get()] { watch->Start(); });
}

absl::Status Daemon::StartMetrics() {
  const ObservedParts parts = {
      &config_,       capture_.get(),   sessions_.get(),
      queries_.get(), transport_.get(), &admission_,
      &file_queue_,   uploads_.get(),   &files_};
  metrics::StateSource<metrics::DaemonState> source;
  source.loop = &loop_;
  source.describe_on_loop = [this, parts](metrics::DaemonState* state) {
    for (const EngineSupervisor* const engine : engines_->All()) {
      if (!engine->engine().empty()) state->engines.push_back(engine->engine());
    }
    state->engines_ready = AllEnginesReady();
    state->store_there = store_there_;
    DescribeLoop(parts, state);
  };
  source.describe = [parts](metrics::DaemonState* state) {
    DescribeOthers(parts, state);
  };
  metrics_->SetCollector(
      std::make_unique<metrics::DaemonCollector>(std::move(source)));
  if (config_.metrics_listen.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(metrics_endpoint_, metrics::MetricsEndpoint::Listen(
                                          config_.metrics_listen, metrics_));
  return absl::OkStatus();
}

void Daemon::OnEngineReadyChanged(EngineSupervisor* engine) {
  loop_.AssertOnLoop();
  if (engine->ready() && answers_ != nullptr) {
    answers_->Refresh(engine);
    // Gets the answer now, as the engine may be unavailable when a client asks.
    answers_->Get(engine, ipc::Query::kDescribeLibraries, [](const auto&) {});
  }
  UpdateHealth();
}

bool Daemon::AllEnginesReady() const {
  const std::vector<EngineSupervisor*> all = engines_->All();
  return std::all_of(all.begin(), all.end(),
                     [](const auto* engine) { return engine->ready(); });
}

// Every service has calls that need the first engine, so all have its health;
// files need the store, too. Balancers needn't avoid a daemon of whose engines
// another one is restarted.
void Daemon::UpdateHealth() {
  loop_.AssertOnLoop();
  if (health_ == nullptr) return;
  const bool engine_ready = engines_->first()->ready();
  if (!engine_ready) {
    notifier_->SetStatus("Restarting dissectd-engine");
  } else {
    notifier_->SetStatus(AllEnginesReady() ? "Serving"
                                           : "Serving, but not by all engines");
  }
  health_->SetServingStatus("", engine_ready);
  for (const RpcService* service : services_) {
    const bool needs_store = service->name() == "dissectd.v1.FileService";
    health_->SetServingStatus(service->name(),
                              engine_ready && (store_there_ || !needs_store));
  }
}

Daemon::~Daemon() { Stop(RunningCaptures::kKeep); }

std::chrono::seconds Daemon::AnnounceStop() {
  const std::chrono::seconds lame_duck = config_.transport.lame_duck;
  ExitAfter(lame_duck + config_.drain_timeout + kStopTimeout);
  server_->GetHealthCheckService()->Shutdown();
  if (lame_duck.count() > 0) {
    spdlog::info("taking new calls for another {} s", lame_duck.count());
  }
  return lame_duck;
}

void Daemon::Stop(RunningCaptures captures) {
  if (engines_ == nullptr) return;
  ExitAfter(config_.drain_timeout + kStopTimeout);
  if (server_ != nullptr) {
    server_->GetHealthCheckService()->Shutdown();
    // Captures stop first, so that clients that follow them see their ends.
    capture_->Stop(kCapturesStopTimeout, captures == RunningCaptures::kKeep);
    loop_.Post([this] { sessions_->Stop(); });
    admission_.CloseAndWait(config_.drain_timeout);
    transport_->ShutDown(server_.get());
  }
  // Prometheus sees the daemon until its calls have ended.
  metrics_endpoint_.reset();
  metrics_->SetCollector(nullptr);
  absl::Notification stopped;
  loop_.Post([this, &stopped] {
    if (sessions_ != nullptr) sessions_->CloseAll();
    if (answers_ != nullptr) answers_->ExpectEnd();
    engines_->Stop();
    stopped.Notify();
  });
  stopped.WaitForNotification();
  pool_.join();
  loop_.Stop();
  server_.reset();
  engines_.reset();
  capture_.reset();
  authorization_->Stop();
  call_log_.Flush();
}

}  // namespace dissectd::server
