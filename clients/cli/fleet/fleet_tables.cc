// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/fleet/fleet_tables.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "clients/cli/capture_tables.h"
#include "clients/cli/fleet/fleet_call.h"
#include "clients/cli/interface_list.h"
#include "clients/cli/interrupt_handler.h"
#include "clients/cli/interruption.h"
#include "clients/cli/table.h"
#include "dissectd/v1/fleet.grpc.pb.h"
#include "google/protobuf/util/time_util.h"

namespace dissectd::cli {
namespace {

using google::protobuf::util::TimeUtil;
using Stub = v1::FleetService::Stub;
using Cells = std::vector<std::string>;

constexpr Table::Align kLeft = Table::Align::kLeft;
constexpr Table::Align kRight = Table::Align::kRight;
// What the row about all captures has in place of a node.
constexpr char kAll[] = "all";

// The rows of a table that is printed when all nodes have answered, and what
// nodes couldn't do.
class Answers {
 public:
  void Add(Cells row) { rows_.push_back(std::move(row)); }
  void Fail(absl::string_view node, const v1::Failure& failure) {
    failures_.emplace_back(node, failure);
  }

  // Prints rows by their nodes, which are in the first cells.
  ExitCode Print(std::vector<Table::Column> columns, bool with_head,
                 const grpc::Status& status) {
    std::stable_sort(
        rows_.begin(), rows_.end(),
        [](const Cells& a, const Cells& b) { return a[0] < b[0]; });
    Table::PrintAll(std::move(columns), with_head, rows_);
    std::fflush(stdout);
    ExitCode code = ReportFleetStatus(status);
    for (const auto& [node, failure] : failures_) {
      code = FirstFailure(code, ReportNodeFailure(node, failure));
    }
    return code;
  }

 private:
  std::vector<Cells> rows_;
  std::vector<std::pair<std::string, v1::Failure>> failures_;
};

double SecondsOf(const google::protobuf::Duration& duration) {
  constexpr double kNanosInSecond = 1e9;
  return static_cast<double>(TimeUtil::DurationToNanoseconds(duration)) /
         kNanosInSecond;
}

std::string StateText(const v1::Node& node) {
  return absl::AsciiStrToLower(
      absl::StripPrefix(v1::NodeState_Name(node.state()), "NODE_STATE_"));
}

std::string ClockText(const v1::Node& node) {
  if (!node.has_clock_offset()) return "-";
  return absl::StrFormat("%+.3f±%.3f", SecondsOf(node.clock_offset()),
                         SecondsOf(node.clock_offset_error()));
}

Cells NodeCells(const v1::Node& node) {
  const auto text = [](const std::string& value) {
    return value.empty() ? "-" : value;
  };
  return {NodeText(node.name()),          StateText(node), text(node.version()),
          text(node.wireshark_version()), ClockText(node), node.address()};
}

Cells NodeCaptureCells(const v1::NodeCapture& capture) {
  Cells cells = CaptureCells(capture.capture());
  cells[0] = NodeText(capture.name());
  return cells;
}

std::vector<Table::Column> RatesOfNodesColumns(size_t name_width) {
  std::vector<Table::Column> columns = {{"CAPTURE", name_width, kLeft}};
  for (Table::Column& column : RatesColumns()) columns.push_back(column);
  return columns;
}

Cells RatesOfNodeCells(std::string name,
                       const v1::WatchCaptureStatisticsResponse& rates) {
  Cells cells = {std::move(name)};
  for (std::string& cell : RatesCells(rates)) cells.push_back(std::move(cell));
  return cells;
}

// Gathers the rates of captures.
class Rates {
 public:
  Rates(const v1::WatchNodeStatisticsRequest& request, bool with_head)
      : table_(RatesOfNodesColumns(WidthOf(request)), with_head),
        top_(static_cast<int>(request.top_protocols())) {}

  void Take(const v1::WatchNodeStatisticsResponse& response) {
    *sum_.mutable_counts() = response.totals();
    if (response.has_failure()) {
      code_ = FirstFailure(
          code_, ReportNodeFailure(response.name(), response.failure()));
    }
    if (!response.has_statistics()) return;
    const v1::WatchCaptureStatisticsResponse& rates = response.statistics();
    table_.Print(RatesOfNodeCells(NodeText(response.name()), rates));
    std::fflush(stdout);
    if (!sum_.has_time()) start_ = rates.time() - rates.interval();
    if (!sum_.has_time() || sum_.time() < rates.time()) {
      *sum_.mutable_time() = rates.time();
    }
  }

  void PrintSum() {
    if (!sum_.has_time()) return;
    *sum_.mutable_interval() = sum_.time() - start_;
    auto* protocols = sum_.mutable_counts()->mutable_protocols();
    if (protocols->size() > top_) {
      protocols->DeleteSubrange(top_, protocols->size() - top_);
    }
    table_.Print(RatesOfNodeCells(kAll, sum_));
  }

  ExitCode code() const { return code_; }

 private:
  static size_t WidthOf(const v1::WatchNodeStatisticsRequest& request) {
    size_t width = 0;
    for (const std::string& name : request.captures()) {
      width = std::max(width, NodeText(name).size());
    }
    return width;
  }

  Table table_;
  const int top_;
  v1::WatchCaptureStatisticsResponse sum_;
  google::protobuf::Timestamp start_;
  ExitCode code_ = kExitOk;
};

}  // namespace

ExitCode RunFleetNodes(const std::shared_ptr<grpc::Channel>& channel,
                       const FleetTableOptions& options) {
  v1::ListNodesRequest request;
  AddNames(options.nodes, request.mutable_nodes());
  Answers answers;
  const grpc::Status status =
      CallFleet(channel, &Stub::ListNodes, request,
                [&](const v1::ListNodesResponse& response) {
                  const v1::Node& node = response.node();
                  answers.Add(NodeCells(node));
                  if (node.state() != v1::NODE_STATE_READY) {
                    answers.Fail(node.name(), node.last_error());
                  }
                });
  return answers.Print({{"NODE", 0, kLeft},
                        {"STATE", 0, kLeft},
                        {"VERSION", 0, kLeft},
                        {"WIRESHARK", 0, kLeft},
                        {"CLOCK (SECONDS)", 0, kRight},
                        {"ADDRESS", 0, kLeft}},
                       !options.no_headers, status);
}

ExitCode RunFleetInterfaces(const std::shared_ptr<grpc::Channel>& channel,
                            const FleetTableOptions& options) {
  v1::ListNodeInterfacesRequest request;
  AddNames(options.nodes, request.mutable_nodes());
  Answers answers;
  const grpc::Status status =
      CallFleet(channel, &Stub::ListNodeInterfaces, request,
                [&](const v1::ListNodeInterfacesResponse& response) {
                  for (const v1::Interface& interface : response.interfaces()) {
                    answers.Add({NodeText(response.node()), interface.name(),
                                 DescriptionOf(interface)});
                  }
                  if (response.has_failure()) {
                    answers.Fail(response.node(), response.failure());
                  }
                });
  return answers.Print(
      {{"NODE", 0, kLeft}, {"INTERFACE", 0, kLeft}, {"DESCRIPTION", 0, kLeft}},
      !options.no_headers, status);
}

ExitCode RunFleetCaptures(const std::shared_ptr<grpc::Channel>& channel,
                          const FleetTableOptions& options) {
  v1::ListNodeCapturesRequest request;
  AddNames(options.nodes, request.mutable_nodes());
  Answers answers;
  const grpc::Status status =
      CallFleet(channel, &Stub::ListNodeCaptures, request,
                [&](const v1::ListNodeCapturesResponse& response) {
                  for (const v1::NodeCapture& capture : response.captures()) {
                    answers.Add(NodeCaptureCells(capture));
                  }
                  if (response.has_failure()) {
                    answers.Fail(response.node(), response.failure());
                  }
                });
  return answers.Print(CaptureColumns(), !options.no_headers, status);
}

ExitCode RunFleetStop(const std::shared_ptr<grpc::Channel>& channel,
                      const FleetTableOptions& options) {
  v1::StopNodeCapturesRequest request;
  AddNames(options.captures, request.mutable_captures());
  request.set_mode(options.kill ? v1::STOP_MODE_KILL : v1::STOP_MODE_GRACEFUL);
  Answers answers;
  const grpc::Status status =
      CallFleet(channel, &Stub::StopNodeCaptures, request,
                [&](const v1::StopNodeCapturesResponse& response) {
                  if (response.has_failure()) {
                    answers.Fail(response.name(), response.failure());
                  } else {
                    answers.Add(NodeCaptureCells(response.capture()));
                  }
                });
  return answers.Print(CaptureColumns(), !options.no_headers, status);
}

ExitCode RunFleetRates(const std::shared_ptr<grpc::Channel>& channel,
                       const FleetTableOptions& options) {
  constexpr double kMillisInSecond = 1000;
  v1::WatchNodeStatisticsRequest request;
  AddNames(options.captures, request.mutable_captures());
  *request.mutable_interval() = TimeUtil::MillisecondsToDuration(
      std::lround(options.interval * kMillisInSecond));
  request.set_top_protocols(options.top);
  const InterruptHandler handler(Interrupt);
  Rates rates(request, !options.no_headers);
  const grpc::Status status =
      CallFleet(channel, &Stub::WatchNodeStatistics, request,
                [&](const v1::WatchNodeStatisticsResponse& response) {
                  rates.Take(response);
                });
  rates.PrintSum();
  return FirstFailure(ReportFleetStatus(status), rates.code());
}

}  // namespace dissectd::cli
