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
#include "clients/cli/version.h"
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

void PrintCaller(const v1::Caller& caller) {
  if (caller.principal().empty()) return;
  Print("you are", caller.principal());
  if (!caller.groups().empty()) {
    Print("your groups", absl::StrJoin(caller.groups(), " "));
  }
  if (!caller.roles().empty()) {
    Print("your roles", absl::StrJoin(caller.roles(), " "));
  }
}

std::string Bytes(uint64_t bytes) { return absl::StrCat(bytes, " bytes"); }

// A limit that may be off.
std::string OrNone(uint64_t limit, absl::string_view unit) {
  return limit == 0 ? "none" : absl::StrCat(limit, unit);
}

// Prints the limits of one caller, or of one connection.
void PrintShares(const v1::ServerLimits& limits) {
  Print("your calls", absl::StrCat(limits.max_calls_per_principal()));
  Print("your workers", absl::StrCat(limits.max_workers_per_principal()));
  Print("your captures", absl::StrCat(limits.max_captures_per_principal()));
  Print("your sessions", absl::StrCat(limits.max_sessions_per_principal()));
  Print("your uploads", Bytes(limits.upload_quota_per_principal_bytes()));
  Print("your calls in a second", OrNone(limits.max_calls_per_second(), ""));
  Print("your connections", absl::StrCat(limits.max_connections_per_peer()));
  Print("calls of a connection",
        absl::StrCat(limits.max_streams_per_connection()));
}

// Prints the limits of one call.
void PrintCallLimits(const v1::ServerLimits& limits) {
  Print("time without reading",
        absl::StrCat(limits.reader_timeout().seconds(), " s"));
  Print("time without sending",
        OrNone(limits.sender_timeout().seconds(), " s"));
  Print("time for a call", OrNone(limits.max_call_time().seconds(), " s"));
  Print("memory of a worker", OrNone(limits.worker_memory_bytes(), " bytes"));
  Print("processor time",
        OrNone(limits.worker_processor_time().seconds(), " s"));
  Print("crashes in a call", absl::StrCat(limits.max_crashes_per_call()));
  Print("display filter", Bytes(limits.max_filter_bytes()));
  Print("text", Bytes(limits.max_text_bytes()));
  Print("columns", absl::StrCat(limits.max_columns()));
  Print("repeated items", absl::StrCat(limits.max_repeated_items()));
  Print("items of a tree", absl::StrCat(limits.max_tree_items()));
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
  Print("sessions", absl::StrCat(limits.max_sessions()));
  Print("memory of a session", Bytes(limits.max_session_memory_bytes()));
  Print("time of an idle session",
        absl::StrCat(limits.session_idle_timeout().seconds(), " s"));
  Print("files on a page", absl::StrCat(limits.default_page_size(),
                                        ", or up to ", limits.max_page_size()));
  Print("waiting queries", absl::StrCat(limits.max_waiting_queries()));
  Print("time for a query",
        absl::StrCat(limits.query_timeout().seconds(), " s"));
  Print("connections", absl::StrCat(limits.max_connections()));
  Print("messages in memory", Bytes(limits.max_message_memory_bytes()));
  Print("all captures", OrNone(limits.capture_quota_bytes(), " bytes"));
  Print("free disk", Bytes(limits.min_free_disk_bytes()));
  Print("asks name servers", YesOrNo(limits.allow_external_resolver()));
}

// Returns the engine that the user has chosen, or else the first one.
const v1::Engine& EngineOf(const v1::GetServerInfoResponse& info) {
  return info.engines().empty() ? v1::Engine::default_instance()
                                : info.engines(0);
}

// Most daemons have one.
void PrintEngines(const v1::GetServerInfoResponse& info) {
  if (info.engines_size() < 2) return;
  Print("engines", absl::StrJoin(info.engines(), " ",
                                 [](std::string* out, const v1::Engine& each) {
                                   absl::StrAppend(out, each.id());
                                 }));
}

void PrintInfo(const v1::GetServerInfoResponse& info) {
  const v1::Engine& engine = EngineOf(info);
  Print("dissectd", info.version());
  Print("Wireshark", engine.wireshark_version());
  PrintEngines(info);
  Print("GLib", engine.glib_version());
  Print("gRPC", info.libraries().grpc());
  Print("libpcap", info.libraries().libpcap());
  Print("compiled with", Text(engine.compiled_features()));
  Print("running with", Text(engine.runtime_features()));
  PrintIdentity(info.identity(), engine);
  PrintCaller(info.caller());
  PrintLimits(info.limits());
  PrintShares(info.limits());
  PrintCallLimits(info.limits());
}

// Prints the versions and features as `tshark -v` does, with its first words.
void PrintTsharkVersion(const v1::GetServerInfoResponse& info) {
  const v1::Engine& engine = EngineOf(info);
  std::printf(
      "TShark (Wireshark) %s.\n\n"
      "This is dissectctl %s, which uses dissectd %s.\n\n"
      "Compiled %s.\n\nRunning %s.\n",
      engine.wireshark_version().c_str(), std::string(kVersion).c_str(),
      info.version().c_str(), Text(engine.compiled_features()).c_str(),
      Text(engine.runtime_features()).c_str());
}

ExitCode RunInfo(const std::shared_ptr<grpc::Channel>& channel,
                 void (*print)(const v1::GetServerInfoResponse& info)) {
  grpc::ClientContext context;
  v1::GetServerInfoResponse info;
  const grpc::Status status =
      v1::ServerService::NewStub(channel)->GetServerInfo(
          &context, v1::GetServerInfoRequest(), &info);
  if (status.ok()) print(info);
  return ReportStatus(status);
}

}  // namespace

void AddInfoCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "info", "Show the daemon's versions, rights and limits");
  const auto as_tshark = std::make_shared<bool>(false);
  // For `dissectctl tshark`.
  command->add_flag("--tshark-version", *as_tshark)->group("");
  command->callback([as_tshark, action] {
    const auto print = *as_tshark ? PrintTsharkVersion : PrintInfo;
    *action = [print](const std::shared_ptr<grpc::Channel>& channel) {
      return RunInfo(channel, print);
    };
  });
  AddExamples(command,
              {"dissectctl info", "dissectctl info --server=localhost"});
}

}  // namespace dissectd::cli
