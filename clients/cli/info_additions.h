// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_INFO_ADDITIONS_H_
#define CLIENTS_CLI_INFO_ADDITIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/analysis.pb.h"

namespace dissectd::cli {

// Says what is added to the column Info of frames.
class InfoSource {
 public:
  virtual ~InfoSource() = default;

  // Returns what is added to a frame; mostly nothing.
  virtual std::string Of(uint32_t frame) const = 0;
};

// What `-z proto,colinfo` adds to the column Info of frames.
//
// Thread-compatible.
class InfoAdditions final : public InfoSource {
 public:
  // Whether a report is one of these, by its argument.
  static bool IsReport(absl::string_view argument);
  // Whether one of the reports is one of these.
  static bool AreAmong(const std::vector<std::string>& reports);

  // Returns a report that says nothing, and costs next to nothing, but lets
  // libwireshark look for the fields of a filter. Those of the display filter
  // are found in tshark, too.
  static std::string ReportThatFindsFields(absl::string_view filter);

  // Adds what a report says, or a part of it. The reports are added in the
  // order of the command line; like tshark, puts that of the last one first.
  void Add(const v1::ValueTables& tables);

  void Clear() { by_frame_.clear(); }

  std::string Of(uint32_t frame) const override;

 private:
  absl::flat_hash_map<uint32_t, std::string> by_frame_;
};

// The error of tshark if the column isn't printed.
inline constexpr char kNoInfoColumn[] =
    "the proto,colinfo tap doesn't work if the INFO column isn't being "
    "printed.";

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_INFO_ADDITIONS_H_
