// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/daemon.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
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
#include "server/limits.h"
#include "server/programs.h"
#include "server/server_facts.h"
#include "spdlog/spdlog.h"

namespace dissectd {
namespace {

// Many times what starting takes, also on a busy machine.
constexpr absl::Duration kHostStartTimeout = absl::Seconds(60);

// More than a capture has until it is killed.
constexpr absl::Duration kCapturesStopTimeout = absl::Seconds(20);

constexpr const char* kServices[] = {"", "dissectd.v1.DissectionService"};

EpanHost::Options HostOptions(const ServerConfig& config, std::string program) {
  EpanHost::Options options;
  options.program = std::move(program);
  options.arguments.emplace_back("--log-level=" + config.log.level);
  options.arguments.emplace_back(absl::StrCat("--lanes=", config.lanes));
  options.arguments.emplace_back("--profile=" + config.profile);
  if (config.log.format == LogFormat::kJson) {
    options.arguments.emplace_back("--log-json");
  }
  if (config.allow_external_resolver) {
    options.arguments.emplace_back("--allow-external-resolver");
  }
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

absl::StatusOr<std::unique_ptr<Daemon>> Daemon::Start(
    const ServerConfig& config) {
  ASSIGN_OR_RETURN(FileStore files, FileStore::Open(config.store));
  // Not make_unique: the constructor is private.
  std::unique_ptr<Daemon> daemon(new Daemon(config, std::move(files)));
  ASSIGN_OR_RETURN(
      daemon->uploads_,
      UploadStore::Open(&daemon->files_, config.upload_quota_bytes));
  RETURN_IF_ERROR(daemon->StartHost());
  RETURN_IF_ERROR(daemon->PrepareCapture());
  RETURN_IF_ERROR(daemon->Listen());
  return daemon;
}

absl::Status Daemon::StartHost() {
  ASSIGN_OR_RETURN(std::string program, FindEpanHost(config_.epan_host));
  EpanHost::Options options = HostOptions(config_, std::move(program));
  options.on_ready_changed = [this](bool ready) {
    if (ready && !host_settled_.HasBeenNotified()) host_settled_.Notify();
    SetServing(ready);
  };
  options.on_unusable = [this] {
    host_usable_ = false;
    host_settled_.Notify();
  };
  host_ = std::make_unique<EpanHost>(&loop_, std::move(options));
  absl::Status started;
  absl::Notification tried;
  loop_.Post([this, &started, &tried] {
    started = host_->Start();
    tried.Notify();
  });
  tried.WaitForNotification();
  RETURN_IF_ERROR(started);
  if (!host_settled_.WaitForNotificationWithTimeout(kHostStartTimeout)) {
    return absl::DeadlineExceededError("epan-host doesn't become ready");
  }
  if (host_usable_) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "epan-host can't do what it is told to; it has logged why");
}

absl::Status Daemon::PrepareCapture() {
  LiveCapture::Options options;
  options.dumpcap = config_.dumpcap;
  ASSIGN_OR_RETURN(options.filter_compiler, FindCaptureFilterCompiler());
  std::error_code error;
  options.store = std::filesystem::canonical(config_.store, error).string();
  if (error) return absl::NotFoundError(error.message());
  options.policy.pipes = config_.pipes;
  options.max_captures = config_.max_captures;
  capture_ = std::make_unique<LiveCapture>(
      options, LiveCapture::Parts{&files_, host_.get(), &loop_, &pool_,
                                  &sessions_, &gate_});
  return absl::OkStatus();
}

absl::Status Daemon::Listen() {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  dissection_service_ = std::make_unique<DissectionService>(
      DissectionService::Parts{&files_, host_.get(), &loop_, &pool_, &sessions_,
                               &gate_, capture_->captures()});
  queries_ =
      std::make_unique<QueryPool>(QuerySession::Parts{&loop_, host_.get()});
  const QueryParts queries = {&loop_, host_.get(), queries_.get(), &sessions_,
                              &gate_, &files_,     &pool_};
  file_service_ = std::make_unique<FileService>(
      FileService::Parts{&files_, uploads_.get(), &pool_, &gate_, queries});
  registry_service_ = std::make_unique<RegistryService>(queries);
  filter_service_ = std::make_unique<FilterService>(queries);
  preference_service_ = std::make_unique<PreferenceService>(queries);
  export_service_ = std::make_unique<ExportService>(queries, uploads_.get());
  server_service_ =
      std::make_unique<ServerService>(queries, ServerFacts(config_));
  grpc::ServerBuilder builder;
  std::vector<int> ports(config_.listen.size());
  for (size_t i = 0; i < ports.size(); ++i) {
    builder.AddListeningPort(config_.listen[i],
                             grpc::InsecureServerCredentials(), &ports[i]);
  }
  // A second daemon on the same port is a mistake, not a way to share load.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetMaxReceiveMessageSize(kMaxRequestBytes);
  builder.RegisterService(file_service_.get());
  builder.RegisterService(dissection_service_.get());
  builder.RegisterService(registry_service_.get());
  builder.RegisterService(filter_service_.get());
  builder.RegisterService(preference_service_.get());
  builder.RegisterService(export_service_.get());
  builder.RegisterService(server_service_.get());
  builder.RegisterService(capture_->service());
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) {
    return absl::UnavailableError(
        absl::StrCat("can't listen on ", absl::StrJoin(config_.listen, ", ")));
  }
  loop_.Post([this] { SetServing(true); });
  for (size_t i = 0; i < ports.size(); ++i) {
    const std::string address = BoundAddress(config_.listen[i], ports[i]);
    spdlog::info("listening on {}", address);
    if (!IsLocal(address)) {
      spdlog::warn("{} can be reached by others, without encryption", address);
    }
  }
  return absl::OkStatus();
}

// On the loop's thread.
void Daemon::SetServing(bool serving) {
  if (server_ == nullptr) return;
  for (const char* service : kServices) {
    server_->GetHealthCheckService()->SetServingStatus(service, serving);
  }
}

Daemon::~Daemon() { Stop(); }

void Daemon::Stop() {
  if (host_ == nullptr) return;
  if (server_ != nullptr) {
    server_->GetHealthCheckService()->Shutdown();
    // First, so that those who follow captures see their ends.
    capture_->Stop(kCapturesStopTimeout);
    gate_.CloseAndWait(absl::FromChrono(config_.drain_timeout));
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
  }
  absl::Notification stopped;
  loop_.Post([this, &stopped] {
    host_->Stop();
    stopped.Notify();
  });
  stopped.WaitForNotification();
  pool_.join();
  loop_.Stop();
  server_.reset();
  host_.reset();
  capture_.reset();
}

}  // namespace dissectd
