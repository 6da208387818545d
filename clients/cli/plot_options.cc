// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/plot_options.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/status_macros.h"

namespace dissectd::cli {
namespace {

constexpr char kDefaultKind[] = "stevens";

absl::Status ParseKind(const std::string& text, TcpPlotKind* kind) {
  static constexpr std::pair<const char*, TcpPlotKind> kKinds[] = {
      {kDefaultKind, TcpPlotKind::kStevens},
      {"tcptrace", TcpPlotKind::kTcptrace},
      {"throughput", TcpPlotKind::kThroughput},
      {"rtt", TcpPlotKind::kRoundTripTime},
      {"window", TcpPlotKind::kWindow}};
  for (const auto& [name, value] : kKinds) {
    if (text != name) continue;
    *kind = value;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text,
                   "\" isn't a kind of plot; there are stevens, tcptrace, "
                   "throughput, rtt and window."));
}

absl::Status ParseSize(const std::string& text, PlotOptions* options) {
  // More would be of no use, and cost memory.
  constexpr int kMaxSize = 1000;
  const std::vector<std::string> parts = absl::StrSplit(text, 'x');
  if (parts.size() == 2 && absl::SimpleAtoi(parts[0], &options->columns) &&
      absl::SimpleAtoi(parts[1], &options->rows) && options->columns > 0 &&
      options->columns <= kMaxSize && options->rows > 0 &&
      options->rows <= kMaxSize) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text,
                   "\" isn't the size of a plot; it is written as 100x30, in "
                   "characters, and each number is at most 1000."));
}

absl::Status CheckReports(const std::vector<std::string>& reports,
                          const PlotOptions& options) {
  for (const std::string& report : reports) {
    if (absl::StartsWith(report, "io,stat") ||
        absl::StartsWith(report, "tcp,graph")) {
      continue;
    }
    return absl::InvalidArgumentError(absl::StrCat(
        "Only io,stat and tcp,graph can be drawn, not \"", report, "\"."));
  }
  if (!options.svg_file.empty() && reports.size() > 1) {
    return absl::InvalidArgumentError(
        "--plot-svg draws one report; there is more than one -z.");
  }
  return absl::OkStatus();
}

}  // namespace

void AddPlotOptions(CLI::App* command, RawPlotOptions* raw) {
  command
      ->add_flag(absl::StrCat("--plot{", kDefaultKind, "}"), raw->kind,
                 "Draw the reports io,stat and tcp,graph in the terminal "
                 "instead of printing them; the kinds of graphs of tcp,graph "
                 "are stevens, tcptrace, throughput, rtt and window")
      ->type_name("KIND")
      ->group("Plots");
  AddValue(command, "--plot-size", &raw->size,
           "The size of a plot in characters, for example 100x30; by default "
           "that of the terminal")
      ->type_name("WIDTHxHEIGHT")
      ->group("Plots");
  AddValue(command, "--plot-svg", &raw->svg_file,
           "Write the plot as an image in SVG to a file of this machine, and "
           "draw nothing in the terminal")
      ->type_name("FILE")
      ->check(NotEmpty())
      ->group("Plots");
  AllowAnyBytes(*command, {"--plot-svg"});
}

absl::Status CheckPlotOptions(const CLI::App& command,
                              const RawPlotOptions& raw,
                              const std::vector<std::string>& reports,
                              PlotOptions* options) {
  options->enabled = IsGiven(command, "--plot") ||
                     IsGiven(command, "--plot-svg") ||
                     IsGiven(command, "--plot-size");
  if (!options->enabled) return absl::OkStatus();
  options->svg_file = raw.svg_file;
  if (IsGiven(command, "--plot")) {
    RETURN_IF_ERROR(ParseKind(raw.kind, &options->kind));
  }
  if (IsGiven(command, "--plot-size")) {
    RETURN_IF_ERROR(ParseSize(raw.size, options));
  }
  return CheckReports(reports, *options);
}

}  // namespace dissectd::cli
