// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_IO_STAT_NUMBERS_H_
#define CORE_ANALYSIS_IO_STAT_NUMBERS_H_

#include <cstdint>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <vector>

#include "core/analysis/io_stat_layout.h"
#include "core/analysis/io_stat_series.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {

// Returns the columns of a series in the text of the report. `interval_us` is
// the length of an interval.
IoColumnLayout LayoutOf(const IoSeries& series, uint64_t interval_us);

// Appends the numbers of an interval to those of a row of the text. `length_us`
// is the length of the interval.
void AppendNumbers(const IoSeriesOptions& options, const IoBucket& bucket,
                   uint64_t length_us, std::vector<std::string>* numbers);

// Adds the numbers of an interval to a row of the table.
void AddCells(const IoSeriesOptions& options, const IoBucket& bucket,
              uint64_t length_us, protozero::pbf_builder<schema::IoRow>* row);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_IO_STAT_NUMBERS_H_
