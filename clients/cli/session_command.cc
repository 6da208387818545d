// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/session_command.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/error_text.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/pages.h"
#include "clients/cli/resource_names.h"
#include "clients/cli/session_edit.h"
#include "clients/cli/session_open.h"
#include "clients/cli/session_reload.h"
#include "clients/cli/table.h"
#include "clients/cpp/output_buffer.h"
#include "clients/cpp/time_text.h"
#include "dissectd/v1/session.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {
namespace {

using ChannelPtr = std::shared_ptr<grpc::Channel>;

// The arguments of the commands.
struct Operands {
  std::string name;
  // Those to close.
  std::vector<std::string> names;
  bool all = false;
  bool no_headers = false;
};

std::string StateText(v1::SessionState state) {
  const std::string& name = v1::SessionState_Name(state);
  if (name.empty()) return absl::StrCat(static_cast<int>(state));
  return absl::AsciiStrToLower(absl::StripPrefix(name, "SESSION_STATE_"));
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  OutputBuffer text;
  AppendIsoTime(time.seconds(), time.nanos(), &text);
  return std::string(text.view());
}

Table MakeTable(bool with_head) {
  return Table({{"NAME", 41, Table::Align::kLeft},
                {"STATE", 8, Table::Align::kLeft},
                {"FRAMES", 9, Table::Align::kRight},
                {"MEMORY", 11, Table::Align::kRight},
                {"OPENED", 30, Table::Align::kLeft},
                {"USED", 30, Table::Align::kLeft},
                {"OWNER", 12, Table::Align::kLeft},
                {"FILE", 0, Table::Align::kLeft}},
               with_head);
}

std::vector<std::string> Cells(const v1::Session& session) {
  return {session.name(),
          StateText(session.state()),
          absl::StrCat(session.frames()),
          absl::StrCat(session.memory_bytes()),
          TimeText(session.open_time()),
          TimeText(session.use_time()),
          session.owner().empty() ? "-" : session.owner(),
          session.file()};
}

ExitCode RunList(const ChannelPtr& channel, const Operands& operands) {
  Table table = MakeTable(!operands.no_headers);
  const auto stub = v1::SessionService::NewStub(channel);
  return ReportStatus(ForEachPage(
      stub.get(), &v1::SessionService::Stub::ListSessions,
      v1::ListSessionsRequest(), [&](const v1::ListSessionsResponse& page) {
        for (const v1::Session& session : page.sessions()) {
          table.Print(Cells(session));
        }
      }));
}

// Prints the filter that frames of the session have passed, if there is one.
void PrintReadFilter(const v1::DissectionOptions& options, bool with_head) {
  const std::string& filter = options.raw_read_filter().empty()
                                  ? options.read_filter()
                                  : options.raw_read_filter();
  if (filter.empty()) return;
  std::printf("\n");
  Table({{"READ FILTER", 0, Table::Align::kLeft}}, with_head).Print({filter});
}

ExitCode RunShow(const ChannelPtr& channel, const Operands& operands) {
  grpc::ClientContext context;
  v1::GetSessionRequest request;
  request.set_name(SessionResourceName(operands.name));
  v1::GetSessionResponse response;
  const grpc::Status status = v1::SessionService::NewStub(channel)->GetSession(
      &context, request, &response);
  if (!status.ok()) return ReportStatus(status);
  const v1::Session& session = response.session();
  MakeTable(!operands.no_headers).Print(Cells(session));
  PrintReadFilter(session.options(), !operands.no_headers);
  for (const v1::Failure* failure :
       {&session.read_error(), &session.failure()}) {
    if (!failure->message().empty()) PrintError(failure->message());
  }
  return kExitOk;
}

grpc::Status Close(const ChannelPtr& channel, const std::string& name) {
  grpc::ClientContext context;
  v1::CloseSessionRequest request;
  request.set_name(SessionResourceName(name));
  v1::CloseSessionResponse response;
  return v1::SessionService::NewStub(channel)->CloseSession(&context, request,
                                                            &response);
}

ExitCode CloseAll(const ChannelPtr& channel) {
  std::vector<std::string> names;
  const auto stub = v1::SessionService::NewStub(channel);
  ExitCode code = ReportStatus(ForEachPage(
      stub.get(), &v1::SessionService::Stub::ListSessions,
      v1::ListSessionsRequest(), [&](const v1::ListSessionsResponse& page) {
        for (const v1::Session& session : page.sessions()) {
          names.push_back(session.name());
        }
      }));
  for (const std::string& name : names) {
    const grpc::Status status = Close(channel, name);
    // Another one may have closed it.
    if (status.error_code() == grpc::StatusCode::NOT_FOUND) continue;
    code = std::max(code, ReportStatus(status));
  }
  return code;
}

ExitCode RunClose(const ChannelPtr& channel, const Operands& operands) {
  if (operands.all) return CloseAll(channel);
  ExitCode code = kExitOk;
  for (const std::string& name : operands.names) {
    code = std::max(code, ReportStatus(Close(channel, name)));
  }
  return code;
}

using Run = ExitCode (*)(const ChannelPtr& channel, const Operands& operands);

// Returns the action that runs a command with these operands.
Action ActionOf(Run run, const std::shared_ptr<Operands>& operands) {
  return [run, operands](const ChannelPtr& channel) {
    return run(channel, *operands);
  };
}

void AddShowCommand(CLI::App* parent, const std::shared_ptr<Operands>& operands,
                    Action* action) {
  CLI::App* command = parent->add_subcommand("show", "Show one session");
  AddOperand(command, "SESSION", &operands->name, "Name of the session")
      ->check(NotEmpty());
  AddNoHeaders(command, &operands->no_headers);
  command->callback(
      [operands, action] { *action = ActionOf(RunShow, operands); });
  AddExamples(command, {"session=$(dissectctl session open dns.pcap)",
                        "dissectctl session show \"$session\""});
}

void AddCloseCommand(CLI::App* parent,
                     const std::shared_ptr<Operands>& operands,
                     Action* action) {
  CLI::App* command = parent->add_subcommand("close", "Close sessions");
  CLI::Option* const names =
      command->add_option("SESSION", operands->names, "Names of the sessions")
          ->type_name("")
          ->check(NotEmpty());
  CLI::Option* const all =
      command
          ->add_flag("--all", operands->all,
                     "Close all sessions that \"dissectctl session\" lists")
          ->excludes(names);
  command->parse_complete_callback([names, all] {
    if (names->count() == 0 && all->count() == 0) {
      throw CLI::RequiredError("SESSION");
    }
  });
  command->callback(
      [operands, action] { *action = ActionOf(RunClose, operands); });
  AddExamples(command, {"session=$(dissectctl session open dns.pcap)",
                        "dissectctl session close \"$session\" && echo closed",
                        "dissectctl session close --all"});
}

}  // namespace

void AddSessionCommand(CLI::App* program, Action* action) {
  const auto operands = std::make_shared<Operands>();
  CLI::App* sessions =
      program->add_subcommand("session", "Keep captures open for questions");
  sessions->require_subcommand(0, 1);
  sessions->callback([sessions, operands, action] {
    if (sessions->get_subcommands().empty()) {
      *action = ActionOf(RunList, operands);
    }
  });
  AddNoHeaders(sessions, &operands->no_headers);
  CLI::App* list =
      sessions->add_subcommand("list", "List sessions; the default");
  list->callback([operands, action] { *action = ActionOf(RunList, operands); });
  AddNoHeaders(list, &operands->no_headers);
  AddExamples(list,
              {"dissectctl session open dns.pcap", "dissectctl session list"});
  AddSessionOpenCommand(sessions, action);
  AddSessionReloadCommand(sessions, action);
  AddSessionEditCommand(sessions, action);
  AddShowCommand(sessions, operands, action);
  AddCloseCommand(sessions, operands, action);
  AddExamples(sessions, {"session=$(dissectctl session open dns.pcap)",
                         "dissectctl session",
                         "dissectctl read --session \"$session\" -Y dns",
                         "dissectctl session close \"$session\""});
}

}  // namespace dissectd::cli
