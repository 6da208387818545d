// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/glossary_command.h"

#include <map>
#include <memory>
#include <string>

#include "clients/cli/error_text.h"
#include "clients/cli/glossary_fields.h"
#include "clients/cli/glossary_lists.h"
#include "clients/cli/preference_reports.h"
#include "dissectd/v1/registry.grpc.pb.h"

namespace dissectd::cli {
namespace {

using ChannelPtr = std::shared_ptr<grpc::Channel>;

using Report = grpc::Status (*)(const ChannelPtr& channel);

const std::map<std::string, Report>& Reports() {
  static const auto& reports = *new std::map<std::string, Report>{
      {"column-formats", PrintColumnFormats},
      {"decodes", PrintDecodes},
      {"fields", PrintFields},
      {"currentprefs", PrintCurrentPreferences},
      {"defaultprefs", PrintDefaultPreferences},
      {"ftypes", PrintFieldTypes},
      {"heuristic-decodes", PrintHeuristicDecodes},
      {"plugins", PrintPlugins},
      {"protocols", PrintProtocols},
      {"values", PrintValues},
  };
  return reports;
}

}  // namespace

void AddGlossaryCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "glossary",
      "Print Wireshark's fields, preferences and other tables, as tshark -G "
      "does");
  const auto report = std::make_shared<std::string>();
  command->add_option("report", *report, "The report")
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
