// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/debug_bundle.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clients/cli/error_text.h"
#include "clients/cli/health_check.h"
#include "clients/cli/version.h"
#include "dissectd/v1/capture.grpc.pb.h"
#include "dissectd/v1/server.grpc.pb.h"
#include "dissectd/v1/session.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {
namespace {

// Keeps the order of the members.
using Json = nlohmann::ordered_json;

// Increased if members change their meaning.
constexpr int kFormat = 1;

// A daemon that needs a bundle may not answer at all.
constexpr std::chrono::seconds kPartTimeout(30);

void SetDeadline(grpc::ClientContext* context) {
  context->set_deadline(std::chrono::system_clock::now() + kPartTimeout);
}

Json ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  // A value of 0 is worth knowing in a report.
  options.always_print_primitive_fields = true;
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(message, &text, options)
           .ok()) {
    return Json();
  }
  return Json::parse(text, nullptr, /*allow_exceptions=*/false);
}

// gRPC has no words for a method that a server doesn't have.
std::string TextOf(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNIMPLEMENTED
             ? "The daemon doesn't tell this; it may be older than dissectctl."
             : ErrorText(status);
}

Json LinesOf(absl::string_view text) {
  Json lines = Json::array();
  if (text.empty()) return lines;
  for (const absl::string_view line :
       absl::StrSplit(absl::StripSuffix(text, "\n"), '\n')) {
    lines.push_back(std::string(line));
  }
  return lines;
}

class Collector {
 public:
  explicit Collector(const std::shared_ptr<grpc::Channel>& channel)
      : channel_(channel) {}

  DebugBundle Collect() {
    document_["format"] = kFormat;
    document_["time"] =
        absl::FormatTime(absl::RFC3339_full, absl::Now(), absl::TimeZone());
    document_["dissectctl"] = std::string(kVersion);
    AddInfo();
    AddHealth();
    AddDiagnostics();
    AddPages<v1::SessionService>("sessions",
                                 &v1::SessionService::Stub::ListSessions,
                                 &v1::ListSessionsResponse::sessions);
    AddPages<v1::CaptureService>("captures",
                                 &v1::CaptureService::Stub::ListCaptures,
                                 &v1::ListCapturesResponse::captures);
    document_["errors"] = std::move(errors_);
    bundle_.json = absl::StrCat(
        document_.dump(2, ' ', false, Json::error_handler_t::replace), "\n");
    return std::move(bundle_);
  }

 private:
  // Adds a part if the call for it has succeeded, otherwise the error.
  bool Add(const char* name, const grpc::Status& status, Json part) {
    if (!status.ok()) {
      const std::string text = TextOf(status);
      errors_[name] = {{"code", static_cast<int>(status.error_code())},
                       {"message", text}};
      AddFailure(name, text);
      return false;
    }
    document_[name] = std::move(part);
    bundle_.parts.emplace_back(name);
    return true;
  }

  // If there is no daemon, all parts have the same error.
  void AddFailure(const char* part, const std::string& text) {
    auto& failures = bundle_.failures;
    auto known = std::find_if(
        failures.begin(), failures.end(),
        [&text](const auto& failure) { return failure.text == text; });
    if (known == failures.end()) {
      known = failures.insert(known, DebugBundle::Failure{{}, text});
    }
    known->parts.emplace_back(part);
  }

  void AddInfo() {
    grpc::ClientContext context;
    SetDeadline(&context);
    v1::GetServerInfoResponse info;
    const grpc::Status status =
        v1::ServerService::NewStub(channel_)->GetServerInfo(
            &context, v1::GetServerInfoRequest(), &info);
    Add("info", status, ToJson(info));
  }

  void AddHealth() {
    bool serves = false;
    const grpc::Status status =
        CheckHealth(channel_, /*service=*/"", kPartTimeout, &serves);
    Add("health", status, HealthText(serves));
  }

  void AddDiagnostics() {
    grpc::ClientContext context;
    SetDeadline(&context);
    v1::GetDiagnosticsResponse response;
    const grpc::Status status =
        v1::ServerService::NewStub(channel_)->GetDiagnostics(
            &context, v1::GetDiagnosticsRequest(), &response);
    Json part = ToJson(response);
    // Metrics have many lines in one text, which nobody could read in JSON.
    if (part.is_object()) part["metrics"] = LinesOf(response.metrics());
    Add("diagnostics", status, std::move(part));
  }

  // Adds the items of all pages.
  template <typename Service, typename Request, typename Response,
            typename Items>
  void AddPages(const char* name,
                grpc::Status (Service::Stub::*method)(grpc::ClientContext*,
                                                      const Request&,
                                                      Response*),
                const Items& (Response::*items)() const) {
    const auto stub = Service::NewStub(channel_);
    Json list = Json::array();
    Request request;
    grpc::Status status;
    do {
      grpc::ClientContext context;
      SetDeadline(&context);
      Response response;
      status = (stub.get()->*method)(&context, request, &response);
      for (const auto& item : (response.*items)()) {
        list.push_back(ToJson(item));
      }
      request.set_page_token(response.next_page_token());
    } while (status.ok() && !request.page_token().empty());
    Add(name, status, std::move(list));
  }

  const std::shared_ptr<grpc::Channel> channel_;
  Json document_;
  Json errors_ = Json::object();
  DebugBundle bundle_;
};

}  // namespace

DebugBundle CollectDebugBundle(const std::shared_ptr<grpc::Channel>& channel) {
  return Collector(channel).Collect();
}

}  // namespace dissectd::cli
