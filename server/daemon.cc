// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/daemon.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/status_macros.h"
#include "server/base/limits.h"
#include "server/dissection/dissection_service.h"
#include "server/extcap/extcap.h"
#include "server/file/file_service.h"
#include "server/listen_address.h"
#include "server/process/program_paths.h"
#include "server/query/export_service.h"
#include "server/query/query_service.h"
#include "server/query/server_service.h"
#include "server/server_facts.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// Many times longer than the engine takes to start, even on a busy machine.
constexpr absl::Duration kEngineStartTimeout = absl::Seconds(60);

// Longer than a capture has until it is killed.
constexpr absl::Duration kCapturesStopTimeout = absl::Seconds(20);

EngineSupervisor::Options EngineOptions(const ServerConfig& config,
                                        std::string program) {
  EngineSupervisor::Options options;
  options.program = std::move(program);
  options.arguments.emplace_back("--log-level=" + config.log.level);
  options.arguments.emplace_back(
      absl::StrCat("--pass-workers=", config.pass_workers));
  options.arguments.emplace_back("--profile=" + config.profile);
  if (config.log.format == LogFormat::kJson) {
    options.arguments.emplace_back("--log-json");
  }
  if (config.allow_external_resolver) {
    options.arguments.emplace_back("--allow-external-resolver");
  }
  if (config.allow_lua) options.arguments.emplace_back("--allow-lua");
  return options;
}

bool IsLocal(const std::string& address) {
  for (const char* local : {"unix:", "localhost:", "127.", "[::1]:"}) {
    if (absl::StartsWith(address, local)) return true;
  }
  return false;
}

// The address with the port that was chosen for port 0.
std::string BoundAddress(const std::string& address, int port) {
  if (absl::StartsWith(address, "unix:")) return address;
  return absl::StrCat(address.substr(0, address.rfind(':')), ":", port);
}

}  // namespace

Daemon::Daemon(const ServerConfig& config, FileStore files)
    : config_(config),
      files_(std::move(files)),
      admission_({config.max_calls,
                  config.max_workers,
                  /*authenticator=*/nullptr,
                  /*access=*/nullptr,
                  {&call_log_}}),
      rpc_{&admission_, &loop_, &pool_} {}

absl::StatusOr<std::unique_ptr<Daemon>> Daemon::Start(
    const ServerConfig& config) {
  RETURN_IF_ERROR(CheckSocketsUnused(config.transport.listen));
  ASSIGN_OR_RETURN(FileStore files, FileStore::Open(config.store));
  RETURN_IF_ERROR(files.Lock());
  // make_unique can't call the private constructor.
  std::unique_ptr<Daemon> daemon(new Daemon(config, std::move(files)));
  ASSIGN_OR_RETURN(
      daemon->uploads_,
      UploadStore::Open(&daemon->files_, config.upload_quota_bytes));
  RETURN_IF_ERROR(daemon->StartEngine());
  RETURN_IF_ERROR(daemon->PrepareCapture());
  RETURN_IF_ERROR(daemon->AddServices());
  RETURN_IF_ERROR(daemon->Listen());
  return daemon;
}

absl::Status Daemon::StartEngine() {
  ASSIGN_OR_RETURN(std::string program, FindEngine(config_.engine));
  EngineSupervisor::Options options =
      EngineOptions(config_, std::move(program));
  options.on_ready_changed = [this](bool ready) {
    OnEngineReadyChanged(ready);
  };
  options.on_unusable = [this] {
    engine_usable_ = false;
    engine_settled_.Notify();
  };
  engine_ = std::make_unique<EngineSupervisor>(&loop_, std::move(options));
  absl::Status started;
  absl::Notification tried;
  loop_.Post([this, &started, &tried] {
    started = engine_->Start();
    tried.Notify();
  });
  tried.WaitForNotification();
  RETURN_IF_ERROR(started);
  if (!engine_settled_.WaitForNotificationWithTimeout(kEngineStartTimeout)) {
    return absl::DeadlineExceededError(
        "timed out waiting for the engine to initialise");
  }
  if (engine_usable_) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "the engine failed to initialise; see its log above");
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
  options.extcap_folder = config_.extcap_folder.empty() ? DefaultExtcapFolder()
                                                        : config_.extcap_folder;
  if (!config_.extcap.empty()) {
    ASSIGN_OR_RETURN(options.extcap_launcher, FindExtcapLauncher());
  }
  options.max_captures = config_.max_captures;
  capture_ = std::make_unique<LiveCapture>(
      options, LiveCapture::Deps{&files_, engine_.get(), rpc_});
  return absl::OkStatus();
}

absl::Status Daemon::AddServices() {
  if (!config_.isolation.crashing_frames.empty()) {
    crashing_frames_ =
        std::make_unique<CrashingFrames>(config_.isolation.crashing_frames);
  }
  queries_ =
      std::make_unique<QueryPool>(QueryWorker::Deps{&loop_, engine_.get()});
  engine_answers_ =
      std::make_unique<EngineAnswers>(QueryWorker::Deps{&loop_, engine_.get()});
  // Gets the answers now, as the engine may be unavailable when a client asks.
  loop_.Post([this, answers = engine_answers_.get()] {
    answers_ = answers;
    answers->Get(ipc::Query::kDescribeLibraries, [](const auto&) {});
  });
  const QueryDeps queries = {&loop_, engine_.get(), queries_.get(),
                             engine_answers_.get()};
  own_services_.push_back(std::make_unique<DissectionService>(
      rpc_,
      DissectionService::Deps{&files_, engine_.get(), capture_->captures(),
                              config_.isolation.max_crashes_per_call,
                              crashing_frames_.get()}));
  own_services_.push_back(std::make_unique<FileService>(
      rpc_, FileService::Deps{&files_, uploads_.get(), queries}));
  own_services_.push_back(std::make_unique<ExportService>(
      rpc_, ExportService::Deps{&files_, uploads_.get(), queries}));
  own_services_.push_back(
      std::make_unique<ServerService>(rpc_, queries, ServerFacts(config_)));
  for (const char* name :
       {"dissectd.v1.RegistryService", "dissectd.v1.FilterService",
        "dissectd.v1.PreferenceService"}) {
    own_services_.push_back(
        std::make_unique<QueryService>(rpc_, queries, name));
  }
  services_.push_back(capture_->service());
  for (const auto& service : own_services_) services_.push_back(service.get());
  for (const RpcService* service : services_) {
    const std::vector<std::string> unbound = service->UnboundMethods();
    if (unbound.empty()) continue;
    return absl::InternalError(
        absl::StrCat("no handler for ", absl::StrJoin(unbound, ", ")));
  }
  return absl::OkStatus();
}

absl::Status Daemon::Listen() {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  std::vector<int> ports(config_.transport.listen.size());
  for (size_t i = 0; i < ports.size(); ++i) {
    builder.AddListeningPort(AddressToBind(config_.transport.listen[i]),
                             grpc::InsecureServerCredentials(), &ports[i]);
  }
  // A second daemon on the same port is a mistake, not a way to share load.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetMaxReceiveMessageSize(kMaxRequestBytes);
  for (RpcService* service : services_) builder.RegisterService(service);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) return ExplainListenFailure(config_.transport.listen);
  loop_.Post([this, health = server_->GetHealthCheckService()] {
    health_ = health;
    UpdateHealth();
  });
  for (size_t i = 0; i < ports.size(); ++i) {
    const std::string address =
        BoundAddress(config_.transport.listen[i], ports[i]);
    spdlog::info("listening on {}", address);
    if (!IsLocal(address)) {
      spdlog::warn("{} is reachable from other machines, without encryption",
                   address);
    }
  }
  return absl::OkStatus();
}

void Daemon::OnEngineReadyChanged(bool ready) {
  loop_.AssertOnLoop();
  if (ready && !engine_settled_.HasBeenNotified()) engine_settled_.Notify();
  engine_ready_ = ready;
  if (ready && answers_ != nullptr) answers_->Refresh();
  UpdateHealth();
}

// Every service has calls that need the engine, so all have its health.
void Daemon::UpdateHealth() {
  loop_.AssertOnLoop();
  if (health_ == nullptr) return;
  health_->SetServingStatus("", engine_ready_);
  for (const RpcService* service : services_) {
    health_->SetServingStatus(service->name(), engine_ready_);
  }
}

Daemon::~Daemon() { Stop(); }

void Daemon::Stop() {
  if (engine_ == nullptr) return;
  if (server_ != nullptr) {
    server_->GetHealthCheckService()->Shutdown();
    // Captures stop first, so that clients that follow them see their ends.
    capture_->Stop(kCapturesStopTimeout);
    admission_.CloseAndWait(absl::FromChrono(config_.drain_timeout));
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
  }
  absl::Notification stopped;
  loop_.Post([this, &stopped] {
    engine_->Stop();
    stopped.Notify();
  });
  stopped.WaitForNotification();
  pool_.join();
  loop_.Stop();
  server_.reset();
  engine_.reset();
  capture_.reset();
}

}  // namespace dissectd::server
