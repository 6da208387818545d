// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/glossary_command.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "clients/cli/elastic_mapping.h"
#include "clients/cli/engine_reports.h"
#include "clients/cli/error_text.h"
#include "clients/cli/glossary_fields.h"
#include "clients/cli/glossary_lists.h"
#include "clients/cli/nearest_word.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/preference_reports.h"

namespace dissectd::cli {
namespace {

using ChannelPtr = std::shared_ptr<grpc::Channel>;

struct GlossaryOptions {
  std::string report;
  std::string profile;                    // -C
  std::string elastic_mapping_protocols;  // --elastic-mapping-filter
  // An empty list of protocols differs from none.
  bool filters_elastic_mapping = false;
};

using Report = std::function<grpc::Status(const ChannelPtr& channel,
                                          const GlossaryOptions& options)>;

// Returns a report that depends on no options.
Report Plain(grpc::Status (*print)(const ChannelPtr& channel)) {
  return [print](const ChannelPtr& channel, const GlossaryOptions&) {
    return print(channel);
  };
}

grpc::Status PrintCurrent(const ChannelPtr& channel,
                          const GlossaryOptions& options) {
  return PrintCurrentPreferences(channel, options.profile);
}

grpc::Status PrintElastic(const ChannelPtr& channel,
                          const GlossaryOptions& options) {
  std::optional<std::string> protocols;
  if (options.filters_elastic_mapping) {
    protocols = options.elastic_mapping_protocols;
  }
  return PrintElasticMapping(channel, protocols);
}

const std::map<std::string, Report>& Reports() {
  static const auto& reports = *new std::map<std::string, Report>{
      {"column-formats", Plain(PrintColumnFormats)},
      {"currentprefs", PrintCurrent},
      {"decodes", Plain(PrintDecodes)},
      {"defaultprefs", Plain(PrintDefaultPreferences)},
      {"dissector-tables", Plain(PrintDissectorTables)},
      {"elastic-mapping", PrintElastic},
      {"fieldcount", Plain(PrintFieldCount)},
      {"fields", Plain(PrintFields)},
      {"folders", Plain(PrintFolders)},
      {"ftypes", Plain(PrintFieldTypes)},
      {"heuristic-decodes", Plain(PrintHeuristicDecodes)},
      {"plugins", Plain(PrintPlugins)},
      {"protocols", Plain(PrintProtocols)},
      {"values", Plain(PrintValues)},
  };
  return reports;
}

// Returns the error of an option that the report doesn't depend on; empty if
// there is none.
std::string CheckOptions(const CLI::App& command, const std::string& report) {
  static constexpr std::pair<const char*, absl::string_view> kOptions[] = {
      {"-C", "currentprefs"}, {"--elastic-mapping-filter", "elastic-mapping"}};
  for (const auto& [option, only] : kOptions) {
    if (IsGiven(command, option) && report != only) {
      return absl::StrCat(option, " has an effect on ", only, " only.");
    }
  }
  return std::string();
}

// Returns the error in the name of a report; empty if it is valid.
std::string CheckReport(const std::string& name) {
  if (IsGlossaryReport(name)) return std::string();
  const std::string meant = NearestWord(name, GlossaryReports());
  return absl::StrCat(
      "\"", name, "\" isn't a report",
      meant.empty() ? "." : absl::StrCat("; did you mean \"", meant, "\"?"));
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
  const auto options = std::make_shared<GlossaryOptions>();
  AddOperand(command, "REPORT", &options->report,
             absl::StrCat("One of ", absl::StrJoin(GlossaryReports(), ", "),
                          "; folders are those of the daemon's machine"))
      ->check(CheckReport);
  AddValue(command, "-C", &options->profile,
           "The profile for currentprefs; by default the daemon's")
      ->type_name("NAME");
  AddValue(command, "--elastic-mapping-filter",
           &options->elastic_mapping_protocols,
           "Only fields of these protocols in elastic-mapping, for example "
           "dns,ip")
      ->type_name("PROTOCOLS");
  AddExamples(command, {"dissectctl glossary protocols",
                        "dissectctl glossary fields | grep dns.qry",
                        "dissectctl glossary currentprefs > preferences",
                        "dissectctl glossary elastic-mapping "
                        "--elastic-mapping-filter dns,ip"});
  command->callback([command, options, action] {
    options->filters_elastic_mapping =
        IsGiven(*command, "--elastic-mapping-filter");
    *action = [command, options](const ChannelPtr& channel) {
      if (const std::string problem = CheckOptions(*command, options->report);
          !problem.empty()) {
        PrintError(problem);
        return kExitBadOption;
      }
      return ReportStatus(Reports().at(options->report)(channel, *options));
    };
  });
}

}  // namespace dissectd::cli
