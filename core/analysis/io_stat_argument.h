// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_IO_STAT_ARGUMENT_H_
#define CORE_ANALYSIS_IO_STAT_ARGUMENT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/analysis/io_stat_layout.h"
#include "core/epan/wireshark.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {

// A calculation over the frames that pass a filter.
struct IoSeriesOptions {
  schema::IoCalculation calculation = schema::IoCalculation::kFramesAndBytes;
  // The name of the calculation, for example `SUM`; empty for frames and bytes.
  std::string title;
  // The field that it is about; empty if it is about frames.
  std::string field;
  int hf_index = -1;
  ftenum type = FT_NONE;
  std::string filter;
  // As the user has written it.
  std::string text;
};

// `io,stat,INTERVAL[,FILTER]...`
struct IoStatArgument {
  uint64_t interval_us = kWholeCapture;
  // The decimals that the interval needs.
  int decimals = 0;
  // At least one.
  std::vector<IoSeriesOptions> series;
};

// Reads the argument of `tshark -z`, and checks its filters. Errors:
// REPORT_ARGUMENT_INVALID, also if times are written in a way that the report
// doesn't support.
absl::StatusOr<IoStatArgument> ParseIoStatArgument(const std::string& argument);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_IO_STAT_ARGUMENT_H_
