// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/policy_command.h"

#include <cstdio>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/error_text.h"
#include "clients/cli/nearest_word.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/table.h"
#include "clients/cli/terminal_text.h"
#include "dissectd/v1/analysis.pb.h"
#include "dissectd/v1/capture.pb.h"
#include "dissectd/v1/dissection.pb.h"
#include "dissectd/v1/export.pb.h"
#include "dissectd/v1/file.pb.h"
#include "dissectd/v1/filter.pb.h"
#include "dissectd/v1/preference.pb.h"
#include "dissectd/v1/registry.pb.h"
#include "dissectd/v1/server.grpc.pb.h"
#include "dissectd/v1/session.pb.h"

namespace dissectd::cli {
namespace {

struct PolicyOptions {
  std::string principal;
  std::vector<std::string> groups;
  std::string method;
  std::string resource;
  bool no_headers = false;
};

// The methods of gRPC's service for administrators, for which Debian has no
// header.
constexpr const char* kChannelzMethods[] = {
    "grpc.channelz.v1.Channelz/GetTopChannels",
    "grpc.channelz.v1.Channelz/GetServers",
    "grpc.channelz.v1.Channelz/GetServer",
    "grpc.channelz.v1.Channelz/GetServerSockets",
    "grpc.channelz.v1.Channelz/GetChannel",
    "grpc.channelz.v1.Channelz/GetSubchannel",
    "grpc.channelz.v1.Channelz/GetSocket",
};

// Returns the full names of all methods.
std::vector<std::string> AllMethods() {
  std::vector<std::string> methods;
  for (const google::protobuf::Descriptor* message :
       {v1::GetServerInfoRequest::descriptor(),
        v1::RunStatisticsRequest::descriptor(),
        v1::OpenSessionRequest::descriptor(), v1::GetFileRequest::descriptor(),
        v1::DissectRequest::descriptor(),
        v1::ExportPacketsRequest::descriptor(),
        v1::GetCaptureRequest::descriptor(),
        v1::CompileFilterRequest::descriptor(),
        v1::GetPreferenceRequest::descriptor(),
        v1::GetProtocolRequest::descriptor()}) {
    const google::protobuf::FileDescriptor* file = message->file();
    for (int i = 0; i < file->service_count(); ++i) {
      const google::protobuf::ServiceDescriptor* service = file->service(i);
      for (int j = 0; j < service->method_count(); ++j) {
        methods.push_back(absl::StrCat(service->full_name(), "/",
                                       service->method(j)->name()));
      }
    }
  }
  methods.insert(methods.end(), std::begin(kChannelzMethods),
                 std::end(kChannelzMethods));
  return methods;
}

std::string ShortName(const std::string& method) {
  return method.substr(method.rfind('/') + 1);
}

// Returns the full name of a method whose name may lack its beginning; empty,
// after printing an error, if there is none.
std::string FindMethod(const std::string& name) {
  std::vector<std::string> short_names;
  for (const std::string& method : AllMethods()) {
    if (method == name || ShortName(method) == name ||
        absl::EndsWith(method, "." + name)) {
      return method;
    }
    short_names.push_back(ShortName(method));
  }
  const std::string meant = NearestWord(ShortName(name), short_names);
  PrintError(absl::StrCat(
      "There is no method \"", name, "\"",
      meant.empty() ? "." : absl::StrCat("; did you mean \"", meant, "\"?")));
  return "";
}

grpc::Status Ask(const std::shared_ptr<grpc::Channel>& channel,
                 const PolicyOptions& options, const std::string& method,
                 v1::CheckPolicyResponse* response) {
  grpc::ClientContext context;
  v1::CheckPolicyRequest request;
  request.set_principal(options.principal);
  for (const std::string& group : options.groups) request.add_groups(group);
  request.set_method(method);
  request.set_resource(options.resource);
  return v1::ServerService::NewStub(channel)->CheckPolicy(&context, request,
                                                          response);
}

// Prints the error of a call, whose exit code isn't that of a denial.
ExitCode ReportFailure(const grpc::Status& status) {
  const ExitCode code = ReportStatus(status);
  return code == kExitDenied ? kExitWrongQuestion : code;
}

ExitCode CheckOne(const std::shared_ptr<grpc::Channel>& channel,
                  const PolicyOptions& options) {
  const std::string method = FindMethod(options.method);
  if (method.empty()) return kExitWrongQuestion;
  v1::CheckPolicyResponse response;
  const grpc::Status status = Ask(channel, options, method, &response);
  if (!status.ok()) return ReportFailure(status);
  std::printf("%s: %s\n", response.allowed() ? "allowed" : "denied",
              Printable(response.explanation(), LineBreaks::kEscape).c_str());
  return response.allowed() ? kExitOk : kExitDenied;
}

ExitCode CheckAll(const std::shared_ptr<grpc::Channel>& channel,
                  const PolicyOptions& options) {
  Table table({{"METHOD", 52, Table::Align::kLeft},
               {"ALLOWED", 7, Table::Align::kLeft},
               {"PERMISSION", 18, Table::Align::kLeft},
               {"ROLES", 0, Table::Align::kLeft}},
              !options.no_headers);
  for (const std::string& method : AllMethods()) {
    v1::CheckPolicyResponse response;
    const grpc::Status status = Ask(channel, options, method, &response);
    if (!status.ok()) return ReportFailure(status);
    table.Print(
        {method, response.allowed() ? "yes" : "no", response.permission(),
         response.allowed() ? absl::StrJoin(response.roles(), ",") : ""});
  }
  return kExitOk;
}

void AddCheckCommand(CLI::App* parent, Action* action) {
  CLI::App* command =
      parent->add_subcommand("check", "Tell whether the policy permits a call");
  const auto options = std::make_shared<PolicyOptions>();
  command
      ->add_option("METHOD", options->method,
                   "The method, for example ReadFile; by default all")
      ->type_name("");
  command
      ->add_option("RESOURCE", options->resource,
                   "What the call is about: files/PATH, captures/ID or "
                   "interfaces/NAME")
      ->type_name("");
  AddValue(command, "--principal", &options->principal,
           "The principal, for example token:alice; by default the caller")
      ->type_name("NAME");
  AddList(command, "--group", &options->groups, "A group of the principal")
      ->type_name("NAME");
  AddNoHeaders(command, &options->no_headers);
  AddExamples(command, {"dissectctl policy check",
                        "dissectctl policy check ReadFile files/dns.pcap"});
  command->callback([options, action] {
    *action = [options](const std::shared_ptr<grpc::Channel>& channel) {
      return options->method.empty() ? CheckAll(channel, *options)
                                     : CheckOne(channel, *options);
    };
  });
}

}  // namespace

void AddPolicyCommand(CLI::App* program, Action* action) {
  CLI::App* command =
      program->add_subcommand("policy", "Ask who may do what on the daemon");
  command->require_subcommand(1);
  AddCheckCommand(command, action);
  AddExamples(command, {"dissectctl policy check"});
}

}  // namespace dissectd::cli
