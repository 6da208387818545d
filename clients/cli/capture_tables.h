// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURE_TABLES_H_
#define CLIENTS_CLI_CAPTURE_TABLES_H_

#include <string>
#include <vector>

#include "clients/cli/table.h"
#include "dissectd/v1/capture.pb.h"

namespace dissectd::cli {

// The tables about captures, and the cells of their rows.

std::vector<Table::Column> CaptureColumns();
std::vector<std::string> CaptureCells(const v1::Capture& capture);

std::vector<Table::Column> CaptureFileColumns();
std::vector<std::string> CaptureFileCells(const v1::CaptureFile& file);

std::vector<Table::Column> CaptureEventColumns();
std::vector<std::string> CaptureEventCells(const v1::CaptureEvent& event);

std::vector<Table::Column> RatesColumns();
std::vector<std::string> RatesCells(
    const v1::WatchCaptureStatisticsResponse& rates);

std::vector<Table::Column> InterfaceCounterColumns();
// `response` is the message that the counters are from.
std::vector<std::string> InterfaceCounterCells(
    const v1::WatchInterfaceStatisticsResponse& response,
    const v1::InterfaceCounters& counters);

std::vector<Table::Column> ExtcapArgumentColumns();
std::vector<std::string> ExtcapArgumentCells(
    const v1::ExtcapArgument& argument);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURE_TABLES_H_
