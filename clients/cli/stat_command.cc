// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/stat_command.h"

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/analysis_source.h"
#include "clients/cli/checked_command.h"
#include "clients/cli/interruption.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/print_options.h"
#include "clients/cli/read_options.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/utf8.h"
#include "dissectd/v1/analysis.grpc.pb.h"

namespace dissectd::cli {
namespace {

using ChannelPtr = std::shared_ptr<grpc::Channel>;

// The options as the user types them.
struct RawStatOptions {
  RawReadOptions read;
  std::vector<std::string> reports;
};

struct StatOptions {
  ReadOptions read;
  v1::RunStatisticsRequest request;
};

absl::Status CheckStatOptions(const CLI::App& command,
                              const RawStatOptions& raw, StatOptions* options) {
  RETURN_IF_ERROR(CheckSelectionOptions(command, raw.read, &options->read));
  RETURN_IF_ERROR(CheckTimeOptions(command, raw.read.print,
                                   &options->read.print.dissection));
  v1::RunStatisticsRequest& request = options->request;
  for (const std::string& report : raw.reports) {
    v1::Report* const added = request.add_reports();
    AssignText(report, added->mutable_argument(),
               added->mutable_raw_argument());
  }
  request.set_text(true);
  SetSourceOptions(options->read, request.mutable_source());
  return absl::OkStatus();
}

// The texts of reports, which tshark prints in the reverse order of the
// arguments.
class ReportPrinter {
 public:
  explicit ReportPrinter(int reports) : texts_(static_cast<size_t>(reports)) {}

  void Take(const v1::ReportResult& result) {
    if (result.while_reading()) {
      Print(result.text());
    } else if (result.report_index() < texts_.size()) {
      texts_[result.report_index()] += result.text();
    }
  }
  void PrintAll() const {
    for (auto text = texts_.rbegin(); text != texts_.rend(); ++text) {
      Print(*text);
    }
  }

 private:
  static void Print(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
  }

  std::vector<std::string> texts_;
};

grpc::Status PrintReports(const ChannelPtr& channel,
                          const v1::RunStatisticsRequest& request,
                          const StatOptions& options, ExitCode* code) {
  grpc::ClientContext context;
  const OnInterrupt cancel([&context] { context.TryCancel(); });
  const auto reader =
      v1::AnalysisService::NewStub(channel)->RunStatistics(&context, request);
  ReportPrinter printer(request.reports_size());
  v1::RunStatisticsResponse response;
  v1::AnalysisEnd end;
  while (reader->Read(&response)) {
    if (response.has_result()) printer.Take(response.result());
    if (response.has_end()) end = response.end();
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) return status;
  printer.PrintAll();
  PrintReadError(end, options.read, code);
  return status;
}

ExitCode RunStat(const ChannelPtr& channel, const StatOptions& options) {
  v1::RunStatisticsRequest request = options.request;
  return CallOnSource(channel, options.read, request.mutable_source(),
                      [&](ExitCode* code) {
                        return PrintReports(channel, request, options, code);
                      });
}

}  // namespace

void AddStatCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "stat", "Print reports about a capture, as tshark -q -z does");
  const auto raw = std::make_shared<RawStatOptions>();
  AddSelectionOptions(command, &raw->read);
  AddTimeOptions(command, &raw->read.print);
  AddList(command, "-z", &raw->reports, "A report, as tshark names it")
      ->type_name("REPORT")
      ->required();
  AllowAnyBytes(*command, {"-z"});
  AddExamples(command, {"dissectctl stat dns.pcap -z dns,tree",
                        "dissectctl stat --local trace.pcap -z conv,tcp "
                        "-z io,stat,1"});
  SetCheckedAction(command, raw, CheckStatOptions, RunStat, action);
}

}  // namespace dissectd::cli
