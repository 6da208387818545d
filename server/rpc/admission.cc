// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/admission.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/identity_errors.h"
#include "server/rpc/request_id.h"
#include "server/rpc/share_key.h"
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

// Returns the value of the metadata `authorization`; empty if the client sent
// none. Errors: UNAUTHENTICATED if there is more than one, or one without a
// value: neither may pass for none.
absl::StatusOr<absl::string_view> AuthorizationIn(
    const grpc::CallbackServerContext& context) {
  constexpr char kKey[] = "authorization";
  const size_t count = context.client_metadata().count(kKey);
  const absl::string_view value = MetadataValue(context, kKey);
  if (count == 0 || (count == 1 && !value.empty())) return value;
  return errors::Unidentified(
      "authorization_malformed",
      "The call has no value, or more than one, in its metadata "
      "\"authorization\".");
}

// Returns the client's span. Several values are as invalid as none.
std::optional<TraceParent> TraceParentIn(
    const grpc::CallbackServerContext& context) {
  if (context.client_metadata().count(kTraceParentKey) != 1) {
    return std::nullopt;
  }
  return ParseTraceParent(MetadataValue(context, kTraceParentKey));
}

std::vector<absl::string_view> MetadataValues(
    const grpc::CallbackServerContext& context, const char* key) {
  std::vector<absl::string_view> values;
  const auto range = context.client_metadata().equal_range(key);
  for (auto it = range.first; it != range.second; ++it) {
    values.emplace_back(it->second.data(), it->second.size());
  }
  return values;
}

NamedCaller NamedCallerIn(const grpc::CallbackServerContext& context) {
  return {MetadataValues(context, kCallerNameKey),
          MetadataValues(context, kCallerGroupsKey)};
}

CallInfo InfoOf(const grpc::CallbackServerContext& context,
                const Method& method) {
  CallInfo info;
  info.method = &method;
  info.peer = context.peer();
  info.request_id = RequestIdFrom(MetadataValue(context, kRequestIdKey));
  info.trace = NewSpan(TraceParentIn(context));
  info.engine = std::string(MetadataValue(context, kEngineKey));
  info.deadline = context.deadline();
  return info;
}

// Tells the client the id of its request. A call that is refused because the
// daemon is unavailable gets it in the trailing metadata: only if the other is
// empty is the answer what gRPC calls Trailers-Only, which proxies can hold
// back and send the call to another daemon.
void AddRequestId(const Admission::Entry& entry,
                  grpc::CallbackServerContext* server_context) {
  const std::string& id = entry.context->info().request_id;
  if (absl::IsUnavailable(entry.status)) {
    server_context->AddTrailingMetadata(kRequestIdKey, id);
  } else {
    server_context->AddInitialMetadata(kRequestIdKey, id);
  }
}

}  // namespace

Admission::Entry Admission::Admit(grpc::CallbackServerContext* server_context,
                                  const Method& method) {
  Entry entry;
  CallInfo info = InfoOf(*server_context, method);
  entry.status = Identify(*server_context, &info);
  // make_unique can't call the private constructor.
  entry.context.reset(new CallContext(std::move(info), server_context,
                                      {&workers_, &time_limits_, &observers_}));
  server_context->AddTrailingMetadata(
      kTraceParentKey, TraceParentOf(entry.context->info().trace));
  for (CallObserver* observer : observers_) {
    observer->OnCallBegun(entry.context->info());
  }
  if (entry.status.ok()) entry.status = Admit(entry.context.get());
  AddRequestId(entry, server_context);
  return entry;
}

absl::Status Admission::Identify(
    const grpc::CallbackServerContext& server_context, CallInfo* info) {
  info->share_key = ShareKeyOf(info->peer);
  if (authenticator_ == nullptr) {
    // Somebody relies on identities, which the daemon would ignore.
    return NamedCallerIn(server_context).empty() ? absl::OkStatus()
                                                 : errors::ProxyNotTrusted();
  }
  absl::StatusOr<Principal> caller = Authenticate(server_context, *info);
  if (!caller.ok()) {
    rate_.Take(info->share_key, CallRate::Clock::now());
    return caller.status();
  }
  info->principal = *std::move(caller);
  if (info->principal.authentication != Authentication::kNone) {
    info->share_key = info->principal.id;
  }
  return absl::OkStatus();
}

absl::StatusOr<Principal> Admission::Authenticate(
    const grpc::CallbackServerContext& server_context,
    const CallInfo& info) const {
  ASSIGN_OR_RETURN(const absl::string_view authorization,
                   AuthorizationIn(server_context));
  // Even a right token is refused then, so that guessing takes time. Callers
  // that show none aren't kept out by others of their host.
  if (!authorization.empty() &&
      rate_.IsUsedUp(info.share_key, CallRate::Clock::now())) {
    return errors::Unseen(errors::CallRateExceeded(rate_.limit()));
  }
  return authenticator_->Authenticate({info.peer, authorization,
                                       server_context.auth_context(),
                                       NamedCallerIn(server_context)});
}

absl::Status Admission::Admit(CallContext* context) {
  const CallInfo& info = context->info();
  if (!rate_.Take(info.share_key, CallRate::Clock::now())) {
    return errors::CallRateExceeded(rate_.limit());
  }
  if (access_ != nullptr) {
    RETURN_IF_ERROR(access_->CheckMethod(info.principal, *info.method));
  }
  ASSIGN_OR_RETURN(context->token_, tracker_.Enter(info.share_key));
  if (info.method->worker_use == WorkerUse::kAlways) {
    ASSIGN_OR_RETURN(context->permit_, context->TakeWorkerPermit());
  }
  return absl::OkStatus();
}

}  // namespace dissectd::server
