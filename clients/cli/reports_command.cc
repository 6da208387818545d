// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/reports_command.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/error_text.h"
#include "clients/cli/object_export.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/table.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {
namespace {

constexpr char kHelp[] = "help";

// The options; the lists are what `dissectctl tshark` gives to be checked
// before anything else happens, as tshark does.
struct ReportsOptions {
  bool no_headers = false;
  std::vector<std::string> reports;         // -z
  std::vector<std::string> object_exports;  // --export-objects

  bool checks() const { return !reports.empty() || !object_exports.empty(); }
};

// Prints a list as tshark does.
template <typename Names>
void PrintList(const std::string& head, const Names& names) {
  PrintError(head);
  for (const auto& name : names) {
    std::fprintf(stderr, "     %s\n", name.c_str());
  }
}

// Returns whether tshark has no such report.
bool IsOurOwn(const std::string& report) {
  return report == "tcp,graph" || report == "voip,calls";
}

// Returns the names of the reports that tshark has, too.
std::vector<std::string> ReportNames(const v1::ListReportsResponse& lists) {
  std::vector<std::string> names;
  for (const v1::ReportType& report : lists.reports()) {
    if (!IsOurOwn(report.name())) names.push_back(report.name());
  }
  return names;
}

// Returns whether a report is known, or help was asked for, which comes last.
ExitCode CheckReport(const v1::ListReportsResponse& lists,
                     const std::string& report) {
  const std::vector<std::string> names = ReportNames(lists);
  if (report == kHelp) {
    PrintList("The available statistics for the \"-z\" option are:", names);
    return kExitOk;
  }
  const bool known = std::any_of(names.begin(), names.end(),
                                 [&report](const std::string& name) {
                                   return absl::StartsWith(report, name);
                                 });
  if (known) return kExitOk;
  PrintList(
      absl::StrCat("Invalid -z argument \"", report, "\"; it must be one of:"),
      names);
  return kExitBadOption;
}

// Checks a value of `--export-objects`. `seen` has the protocols before it.
ExitCode CheckObjectExport(const v1::ListReportsResponse& lists,
                           const std::string& given,
                           std::set<std::string>* seen) {
  constexpr char kTypes[] =
      "The available export object types for the \"--export-objects\" option "
      "are:";
  if (given == kHelp) {
    PrintList(kTypes, lists.object_types());
    return kExitOk;
  }
  const std::string protocol = ParseObjectExport(given).protocol;
  if (std::find(lists.object_types().begin(), lists.object_types().end(),
                protocol) == lists.object_types().end()) {
    PrintError("\"--export-objects\" are specified as: <protocol>,<destdir>");
    PrintList(kTypes, lists.object_types());
    return kExitBadOption;
  }
  if (seen->insert(protocol).second) return kExitOk;
  PrintError(absl::StrCat("\"--export-objects\" already specified protocol '",
                          protocol, "'"));
  return kExitBadOption;
}

ExitCode CheckAll(const v1::ListReportsResponse& lists,
                  const ReportsOptions& options) {
  for (const std::string& report : options.reports) {
    const ExitCode code = CheckReport(lists, report);
    if (code != kExitOk) return code;
  }
  std::set<std::string> seen;
  for (const std::string& given : options.object_exports) {
    const ExitCode code = CheckObjectExport(lists, given, &seen);
    if (code != kExitOk) return code;
  }
  return kExitOk;
}

ExitCode RunReports(const std::shared_ptr<grpc::Channel>& channel,
                    const ReportsOptions& options) {
  grpc::ClientContext context;
  v1::ListReportsResponse lists;
  const grpc::Status status =
      v1::AnalysisService::NewStub(channel)->ListReports(
          &context, v1::ListReportsRequest(), &lists);
  if (!status.ok()) return ReportStatus(status);
  if (options.checks()) return CheckAll(lists, options);
  std::vector<std::vector<std::string>> rows;
  for (const v1::ReportType& report : lists.reports()) {
    rows.push_back({report.name(), report.usage()});
  }
  Table::PrintAll({{"REPORT", 24, Table::Align::kLeft},
                   {"ARGUMENTS", 0, Table::Align::kLeft}},
                  !options.no_headers, rows);
  return kExitOk;
}

}  // namespace

void AddReportsCommand(CLI::App* program, Action* action) {
  CLI::App* command =
      program->add_subcommand("reports", "List the reports that -z takes");
  const auto options = std::make_shared<ReportsOptions>();
  AddNoHeaders(command, &options->no_headers);
  // For `dissectctl tshark`.
  AddList(command, "-z", &options->reports, "")->group("");
  AddList(command, "--export-objects", &options->object_exports, "")->group("");
  AllowAnyBytes(*command, {"-z", "--export-objects"});
  AddExamples(command, {"dissectctl reports",
                        "dissectctl reports --no-headers | grep '^conv,'"});
  command->callback([options, action] {
    *action = [options](const std::shared_ptr<grpc::Channel>& channel) {
      return RunReports(channel, *options);
    };
  });
}

}  // namespace dissectd::cli
