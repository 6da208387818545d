// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/plot_options.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/plot/terminal_plot.h"
#include "clients/cli/status_macros.h"

namespace dissectd::cli {
namespace {

constexpr char kGroup[] = "Plots";
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
      absl::SimpleAtoi(parts[1], &options->rows) &&
      options->columns >= kMinPlotColumns && options->columns <= kMaxSize &&
      options->rows >= kMinPlotRows && options->rows <= kMaxSize) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text,
                   "\" isn't the size of a plot; it is written as 100x30, in "
                   "characters, from ",
                   kMinPlotColumns, "x", kMinPlotRows, " to ", kMaxSize, "x",
                   kMaxSize, "."));
}

bool IsTcpGraph(const std::string& report) {
  return absl::StartsWith(report, "tcp,graph");
}

absl::Status CheckReports(const std::vector<std::string>& reports,
                          const PlotOptions& options) {
  for (const std::string& report : reports) {
    if (absl::StartsWith(report, "io,stat") || IsTcpGraph(report)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "Only io,stat and tcp,graph can be drawn, not \"", report, "\"."));
  }
  if (!options.svg_file.empty() && reports.size() > 1) {
    return absl::InvalidArgumentError(
        "--plot-svg draws one report; there is more than one -z.");
  }
  const bool about_tcp = options.kind != TcpPlotKind::kStevens ||
                         options.side != TcpSide::kSendsMore;
  if (about_tcp && std::none_of(reports.begin(), reports.end(), IsTcpGraph)) {
    return absl::InvalidArgumentError(
        "A kind of plot and --plot-side are for tcp,graph; there is no -z "
        "tcp,graph.");
  }
  return absl::OkStatus();
}

}  // namespace

void AddPlotOptions(CLI::App* command, RawPlotOptions* raw) {
  command
      ->add_flag(absl::StrCat("--plot{", kDefaultKind, "}"), raw->kind,
                 "Draw the reports io,stat and tcp,graph in the terminal "
                 "instead of printing them; the kinds of graphs of tcp,graph "
                 "are stevens|tcptrace|throughput|rtt|window")
      ->type_name("KIND")
      ->group(kGroup);
  AddValue(command, "--plot-side", &raw->side,
           "Draw what this side of a TCP stream sends, client or server; by "
           "default the side that sends more")
      ->type_name("SIDE")
      ->check(CLI::IsMember({"client", "server"}))
      ->group(kGroup);
  AddValue(command, "--plot-size", &raw->size,
           "The size of a plot in characters, for example 100x30; by default "
           "that of the terminal")
      ->type_name("WIDTHxHEIGHT")
      ->group(kGroup);
  AddValue(command, "--plot-svg", &raw->svg_file,
           "Write the plot as an image in SVG to a file of this machine, - for "
           "standard output, and draw nothing in the terminal")
      ->type_name("FILE")
      ->check(NotEmpty())
      ->group(kGroup);
  AllowAnyBytes(*command, {"--plot-svg"});
}

absl::Status CheckPlotOptions(const CLI::App& command,
                              const RawPlotOptions& raw,
                              const std::vector<std::string>& reports,
                              PlotOptions* options) {
  options->enabled = !GivenOfGroup(command, kGroup).empty();
  if (!options->enabled) return absl::OkStatus();
  options->svg_file = raw.svg_file;
  if (IsGiven(command, "--plot")) {
    RETURN_IF_ERROR(ParseKind(raw.kind, &options->kind));
  }
  if (IsGiven(command, "--plot-side")) {
    options->side = raw.side == "server" ? TcpSide::kServer : TcpSide::kClient;
  }
  if (IsGiven(command, "--plot-size")) {
    RETURN_IF_ERROR(ParseSize(raw.size, options));
  }
  return CheckReports(reports, *options);
}

}  // namespace dissectd::cli
