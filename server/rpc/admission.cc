// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/admission.h"

#include <string>

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
  // make_unique can't call the private constructor.
  entry.context.reset(
      new CallContext(InfoOf(*server_context, method), &workers_, &observers_));
  server_context->AddInitialMetadata(kRequestIdKey,
                                     entry.context->info().request_id);
  entry.status = Admit(entry.context.get());
  return entry;
}

absl::Status Admission::Admit(CallContext* context) {
  ASSIGN_OR_RETURN(context->token_, tracker_.Enter());
  if (context->info().method->worker_use == WorkerUse::kAlways) {
    ASSIGN_OR_RETURN(context->permit_, context->TakeWorkerPermit());
  }
  return absl::OkStatus();
}

}  // namespace dissectd::server
