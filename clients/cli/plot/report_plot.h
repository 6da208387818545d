// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PLOT_REPORT_PLOT_H_
#define CLIENTS_CLI_PLOT_REPORT_PLOT_H_

#include <string>

#include "clients/cli/plot/plot.h"
#include "dissectd/v1/analysis.pb.h"

namespace dissectd::cli {

// Wireshark's graphs of a TCP stream.
enum class TcpPlotKind {
  // The sequence numbers of what a side sends.
  kStevens,
  // The sequence numbers of what a side sends, those that the other side
  // acknowledges, and those that it can take.
  kTcptrace,
  kThroughput,
  kRoundTripTime,
  kWindow,
};

// A side of a TCP stream.
enum class TcpSide {
  // The one that sends more.
  kSendsMore,
  kClient,
  kServer,
};

// Returns the graph of a report `io,stat`: a series for each column. Columns
// of frames and bytes have the frames.
Plot PlotOfIoTable(const v1::IoTable& table, const std::string& report);

// Returns a graph of a report `tcp,graph` about what a side sends.
Plot PlotOfTcpGraph(const v1::TcpGraph& graph, TcpPlotKind kind,
                    TcpSide side = TcpSide::kSendsMore);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PLOT_REPORT_PLOT_H_
