// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/admission.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "server/rpc/request_id.h"
#include "server/rpc/trace_context.h"

namespace dissectd::server {
namespace {

// Returns the value of a metadata key; empty if the client sent none.
absl::string_view MetadataValue(const grpc::CallbackServerContext& context,
                                const char* key) {
  const auto found = context.client_metadata().find(key);
  if (found == context.client_metadata().end()) return "";
  return absl::string_view(found->second.data(), found->second.size());
}

// Returns the client's address without its port, which differs from connection
// to connection. Clients of Unix sockets, whose connections are named by a
// descriptor, have `unix:` in common.
std::string HostOf(absl::string_view peer) {
  if (absl::StartsWith(peer, "ipv4:") || absl::StartsWith(peer, "ipv6:")) {
    return std::string(peer.substr(0, peer.rfind(':')));
  }
  return absl::StartsWith(peer, "fd:") ? "unix:" : std::string(peer);
}

CallInfo InfoOf(const grpc::CallbackServerContext& context,
                const Method& method) {
  CallInfo info;
  info.method = &method;
  info.peer = context.peer();
  info.request_id = RequestIdFrom(MetadataValue(context, kRequestIdKey));
  info.trace = ParseTraceParent(MetadataValue(context, "traceparent"));
  info.deadline = context.deadline();
  return info;
}

}  // namespace

Admission::Entry Admission::Admit(grpc::CallbackServerContext* server_context,
                                  const Method& method) {
  Entry entry;
  CallInfo info = InfoOf(*server_context, method);
  entry.status = Identify(*server_context, &info);
  // make_unique can't call the private constructor.
  entry.context.reset(new CallContext(std::move(info), &workers_, &observers_));
  server_context->AddInitialMetadata(kRequestIdKey,
                                     entry.context->info().request_id);
  for (CallObserver* observer : observers_) {
    observer->OnCallBegun(entry.context->info());
  }
  if (entry.status.ok()) entry.status = Admit(entry.context.get());
  return entry;
}

absl::Status Admission::Identify(
    const grpc::CallbackServerContext& server_context, CallInfo* info) const {
  info->share_key = HostOf(info->peer);
  if (authenticator_ == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      info->principal,
      authenticator_->Authenticate(
          {info->peer, MetadataValue(server_context, "authorization"),
           server_context.auth_context()}));
  if (info->principal.authentication != Authentication::kNone) {
    info->share_key = info->principal.id;
  }
  return absl::OkStatus();
}

absl::Status Admission::Admit(CallContext* context) {
  const CallInfo& info = context->info();
  if (access_ != nullptr) {
    RETURN_IF_ERROR(access_->CheckMethod(info.principal, *info.method));
  }
  ASSIGN_OR_RETURN(context->token_, tracker_.Enter());
  if (info.method->worker_use == WorkerUse::kAlways) {
    ASSIGN_OR_RETURN(context->permit_, context->TakeWorkerPermit());
  }
  return absl::OkStatus();
}

}  // namespace dissectd::server
