// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/glossary_command.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/error_text.h"
#include "clients/cli/glossary_fields.h"
#include "clients/cli/glossary_lists.h"
#include "clients/cli/option_helpers.h"
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

std::vector<std::string> GlossaryReports() {
  std::vector<std::string> names;
  names.reserve(Reports().size());
  for (const auto& [name, report] : Reports()) names.push_back(name);
  return names;
}

bool IsGlossaryReport(const std::string& name) {
  return Reports().count(name) > 0;
}

void AddGlossaryCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "glossary", "Print fields and other tables, as tshark -G does");
  const auto report = std::make_shared<std::string>();
  AddOperand(command, "REPORT", report.get(),
             absl::StrCat("One of ", absl::StrJoin(GlossaryReports(), ", ")))
      ->check(CLI::IsMember(&Reports()).description(""));
  AddExamples(command, {"dissectctl glossary protocols",
                        "dissectctl glossary fields | grep dns.qry",
                        "dissectctl glossary currentprefs > preferences"});
  command->callback([report, action] {
    *action = [report](const ChannelPtr& channel) {
      return ReportStatus(Reports().at(*report)(channel));
    };
  });
}

}  // namespace dissectd::cli
