// SPDX-License-Identifier: GPL-2.0-or-later

// The services that the daemon offers, and what they need of each other.

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/analysis/analysis_service.h"
#include "server/daemon.h"
#include "server/dissection/dissection_service.h"
#include "server/file/file_service.h"
#include "server/query/export_service.h"
#include "server/query/query_service.h"
#include "server/query/server_service.h"
#include "server/rpc/channelz_service.h"
#include "server/server_facts.h"
#include "server/session/session_service.h"

namespace dissectd::server {

absl::Status Daemon::AddServices() {
  if (!config_.isolation.crashing_frames.empty()) {
    crashing_frames_ =
        std::make_unique<CrashingFrames>(config_.isolation.crashing_frames);
  }
  queries_ = std::make_unique<QueryPool>(&loop_);
  engine_answers_ = std::make_unique<EngineAnswers>(&loop_);
  loop_.Post([this] {
    answers_ = engine_answers_.get();
    for (EngineSupervisor* const engine : engines_->All()) {
      if (engine->ready()) OnEngineReadyChanged(engine);
    }
  });
  const QueryDeps queries = {&loop_, engines_.get(), queries_.get(),
                             engine_answers_.get()};
  const LiveFeed::Deps live = {&loop_, &pool_, &files_, capture_->captures()};
  sessions_ = std::make_unique<Sessions>(
      Sessions::Deps{&loop_, engines_.get(), &pool_},
      Sessions::Limits{config_.sessions.max_sessions,
                       config_.sessions.max_sessions_per_caller,
                       config_.sessions.memory_bytes,
                       config_.sessions.idle_timeout,
                       config_.isolation.max_crashes_per_call});
  own_services_.push_back(std::make_unique<DissectionService>(
      rpc_,
      DissectionService::Deps{&files_, capture_->captures(), sessions_.get(),
                              queries, authorization_->resources(),
                              config_.isolation.max_crashes_per_call,
                              crashing_frames_.get()}));
  own_services_.push_back(std::make_unique<FileService>(
      rpc_, FileService::Deps{&files_, uploads_.get(), queries,
                              authorization_->resources(),
                              authorization_->owners()}));
  own_services_.push_back(std::make_unique<ExportService>(
      rpc_, ExportService::Deps{&files_, uploads_.get(), queries,
                                authorization_->resources(),
                                authorization_->owners(), sessions_.get()}));
  own_services_.push_back(std::make_unique<AnalysisService>(
      rpc_, AnalysisService::Deps{&files_, queries, authorization_->resources(),
                                  sessions_.get(), live}));
  own_services_.push_back(std::make_unique<SessionService>(
      rpc_, SessionService::Deps{&files_, queries, authorization_->resources(),
                                 sessions_.get(), live}));
  own_services_.push_back(std::make_unique<ServerService>(
      rpc_, queries, ServerFacts(config_), authorization_->policy(),
      authorization_->resources(),
      DiagnosticSources{config_.changed_options, recent_log_,
                        [metrics = metrics_] { return metrics->Text(); }}));
  own_services_.push_back(std::make_unique<ChannelzService>(rpc_));
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

}  // namespace dissectd::server
