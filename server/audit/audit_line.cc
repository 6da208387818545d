// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/audit/audit_line.h"

#include <nlohmann/json.hpp>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/base/identity_errors.h"
#include "server/policy/permissions.h"
#include "server/rpc/grpc_status.h"

namespace dissectd::server {
namespace {

// Keeps the order of the members.
using Json = nlohmann::ordered_json;

std::string Text(absl::Time time) {
  // A time zone that isn't set is UTC.
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::TimeZone());
}

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace

bool IsAudited(const CallEnd& end) {
  if (absl::IsUnauthenticated(end.status) ||
      absl::IsPermissionDenied(end.status)) {
    return true;
  }
  const MethodRule* rule = FindMethodRule(end.call.method->name);
  return rule == nullptr || rule->audited;
}

std::string AuditLine(const CallEnd& end, absl::Time time) {
  Json line;
  line["time"] = Text(time);
  line["principal"] = end.call.principal.id;
  line["peer"] = end.call.peer;
  line["method"] = end.call.method->name;
  line["resources"] = end.resources;
  if (!end.readers.added.empty()) line["shared_with"] = end.readers.added;
  if (!end.readers.removed.empty()) {
    line["unshared_from"] = end.readers.removed;
  }
  line["request_id"] = end.call.request_id;
  line["code"] = absl::StatusCodeToString(end.status.code());
  if (!end.status.ok()) {
    const v1::Failure failure = FailureOf(end.status);
    line["reason"] = failure.reason();
    const std::string detail = IdentityDetail(end.status);
    if (!detail.empty()) line["detail"] = detail;
    const auto permission = failure.metadata().find("permission");
    if (permission != failure.metadata().end()) {
      line["permission"] = permission->second;
    }
  }
  return Dump(line);
}

bool HasEffect(const CallEnd& end) {
  // Unary calls receive one message, and send one if they succeed, also if the
  // client doesn't wait for it.
  return end.status.ok() || end.traffic.messages_sent > 0 ||
         end.traffic.messages_received > 1;
}

std::string LostLine(uint64_t calls, const std::string& caller,
                     absl::Time time) {
  Json line;
  line["time"] = Text(time);
  if (!caller.empty()) line["caller"] = caller;
  line["lost_calls"] = calls;
  return Dump(line);
}

}  // namespace dissectd::server
