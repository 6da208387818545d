// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/glossary_command.h"

#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include "clients/cli/error_text.h"
#include "clients/cli/preference_reports.h"
#include "dissectd/v1/registry.grpc.pb.h"

namespace dissectd::cli {
namespace {

using ChannelPtr = std::shared_ptr<grpc::Channel>;

grpc::Status PrintFieldTypes(const ChannelPtr& channel) {
  grpc::ClientContext context;
  v1::ListFieldTypesResponse response;
  const grpc::Status status =
      v1::RegistryService::NewStub(channel)->ListFieldTypes(
          &context, v1::ListFieldTypesRequest(), &response);
  for (const v1::FieldTypeInfo& type : response.field_types()) {
    std::printf("%s\t%s\n", type.name().c_str(), type.description().c_str());
  }
  return status;
}

using Report = grpc::Status (*)(const ChannelPtr& channel);

const std::map<std::string, Report>& Reports() {
  static const auto& reports = *new std::map<std::string, Report>{
      {"currentprefs", PrintCurrentPreferences},
      {"defaultprefs", PrintDefaultPreferences},
      {"ftypes", PrintFieldTypes},
  };
  return reports;
}

}  // namespace

void AddGlossaryCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "glossary", "Print what Wireshark knows, as tshark -G does");
  const auto report = std::make_shared<std::string>();
  command->add_option("report", *report, "Which part of it")
      ->required()
      ->check(CLI::IsMember(&Reports()));
  command->callback([report, action] {
    *action = [report](const ChannelPtr& channel) {
      const grpc::Status status = Reports().at(*report)(channel);
      if (!status.ok()) PrintError(ErrorText(status));
      return ExitCodeOf(status);
    };
  });
}

}  // namespace dissectd::cli
