// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/info_command.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/error_text.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/terminal_text.h"
#include "dissectd/v1/server.grpc.pb.h"

namespace dissectd::cli {
namespace {

void Print(const char* name, const std::string& value) {
  std::printf("%-24s %s\n", name,
              Printable(value, LineBreaks::kEscape).c_str());
}

std::string YesOrNo(bool value) { return value ? "yes" : "no"; }

std::string NameAndNumber(const std::string& name, uint32_t number) {
  return absl::StrCat(name.empty() ? "?" : name, " (", number, ")");
}

using Features = google::protobuf::RepeatedPtrField<v1::Feature>;

std::string Text(const Features& features) {
  return absl::StrJoin(
      features, ", ", [](std::string* out, const v1::Feature& feature) {
        absl::StrAppend(out, feature.present() ? "" : "without ",
                        feature.description());
      });
}

void PrintIdentity(const v1::ProcessIdentity& identity,
                   const v1::Engine& engine) {
  Print("user", NameAndNumber(identity.user(), identity.user_id()));
  Print("group", NameAndNumber(identity.group(), identity.group_id()));
  Print("started with privileges",
        YesOrNo(engine.started_with_special_privileges()));
  Print("runs with privileges",
        YesOrNo(engine.running_with_special_privileges()));
  Print("capabilities", identity.capabilities().empty()
                            ? "none"
                            : absl::StrJoin(identity.capabilities(), " "));
}

void PrintLimits(const v1::ServerLimits& limits) {
  Print("request", absl::StrCat(limits.max_request_bytes(), " bytes"));
  Print("inline capture",
        absl::StrCat(limits.max_inline_capture_bytes(), " bytes"));
  Print("upload chunk",
        absl::StrCat(limits.max_upload_chunk_bytes(), " bytes"));
  Print("all uploads", absl::StrCat(limits.upload_quota_bytes(), " bytes"));
  Print("export in memory",
        absl::StrCat(limits.max_memory_export_bytes(), " bytes"));
  Print("calls", absl::StrCat(limits.max_calls()));
  Print("workers", absl::StrCat(limits.max_workers()));
  Print("captures", absl::StrCat(limits.max_captures()));
  Print("files on a page", absl::StrCat(limits.default_page_size(),
                                        ", or up to ", limits.max_page_size()));
  Print("waiting queries", absl::StrCat(limits.max_waiting_queries()));
  Print("time for a query",
        absl::StrCat(limits.query_timeout().seconds(), " s"));
  Print("asks name servers", YesOrNo(limits.allow_external_resolver()));
}

void PrintInfo(const v1::GetServerInfoResponse& info) {
  // The daemon has one engine.
  const v1::Engine& engine =
      info.engines().empty() ? v1::Engine::default_instance() : info.engines(0);
  Print("dissectd", info.version());
  Print("Wireshark", engine.wireshark_version());
  Print("GLib", engine.glib_version());
  Print("gRPC", info.libraries().grpc());
  Print("libpcap", info.libraries().libpcap());
  Print("compiled with", Text(engine.compiled_features()));
  Print("running with", Text(engine.runtime_features()));
  PrintIdentity(info.identity(), engine);
  PrintLimits(info.limits());
}

ExitCode RunInfo(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  v1::GetServerInfoResponse info;
  const grpc::Status status =
      v1::ServerService::NewStub(channel)->GetServerInfo(
          &context, v1::GetServerInfoRequest(), &info);
  if (status.ok()) PrintInfo(info);
  return ReportStatus(status);
}

}  // namespace

void AddInfoCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "info", "Show the daemon's versions, rights and limits");
  command->callback([action] { *action = RunInfo; });
  AddExamples(command,
              {"dissectctl info", "dissectctl info --server=localhost"});
}

}  // namespace dissectd::cli
