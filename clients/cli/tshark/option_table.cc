// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/tshark/option_table.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace dissectd::cli::tshark {
namespace {

constexpr absl::string_view kFlags = "2DILpngPqQlhvVx";
constexpr absl::string_view kLettersWithValue =
    "abBcdeEfFGHijJKMNoOrRsStTuUwWXyYzC";

struct Row {
  absl::string_view name;
  int option;
  bool has_value;
};

// tshark documents also --read-file, --read-filter and --display-filter, but
// doesn't know them.
constexpr Row kRows[] = {
    {"help", 'h', false},
    {"version", 'v', false},
    {"autostop", 'a', true},
    {"ring-buffer", 'b', true},
    {"buffer-size", 'B', true},
    {"list-interfaces", 'D', false},
    {"interface", 'i', true},
    {"monitor-mode", 'I', false},
    {"list-data-link-types", 'L', false},
    {"no-promiscuous-mode", 'p', false},
    {"snapshot-length", 's', true},
    {"linktype", 'y', true},
    {"list-time-stamp-types", kListTimestampTypes, false},
    {"time-stamp-type", kTimestampType, true},
    {"compress-type", kCompressType, true},
    {"temp-dir", kTempDir, true},
    {"disable-protocol", kDisableProtocol, true},
    {"enable-heuristic", kEnableHeuristic, true},
    {"disable-heuristic", kDisableHeuristic, true},
    {"enable-protocol", kEnableProtocol, true},
    {"print", 'P', false},
    {"export-objects", kExportObjects, true},
    {"export-tls-session-keys", kExportTlsSessionKeys, true},
    {"color", kColor, false},
    {"no-duplicate-keys", kNoDuplicateKeys, false},
    {"elastic-mapping-filter", kElasticMappingFilter, true},
    {"capture-comment", kCaptureComment, true},
    {"hexdump", kHexDump, true},
    {"selected-frame", kSelectedFrame, true},
    {"log-level", kLogLevel, true},
    {"log-fatal", kLogFatal, true},
    {"log-domains", kLogDomains, true},
    {"log-debug", kLogDebug, true},
    {"log-noisy", kLogNoisy, true},
    {"log-file", kLogFile, true},
};

LongOption Found(const Row& row) {
  LongOption found;
  found.kind = row.has_value ? Kind::kWithValue : Kind::kFlag;
  found.name = row.name;
  found.option = row.option;
  return found;
}

// Returns null if the option has only a letter.
const Row* RowOf(int option) {
  for (const Row& row : kRows) {
    if (row.option == option) return &row;
  }
  return nullptr;
}

}  // namespace

Kind KindOfLetter(char letter) {
  if (absl::StrContains(kFlags, letter)) return Kind::kFlag;
  if (absl::StrContains(kLettersWithValue, letter)) return Kind::kWithValue;
  return Kind::kUnknown;
}

LongOption FindLongOption(absl::string_view name) {
  LongOption found;
  for (const Row& row : kRows) {
    if (row.name == name) return Found(row);
    if (!absl::StartsWith(row.name, name)) continue;
    if (found.kind != Kind::kUnknown) {
      found.ambiguous = true;
    } else {
      found = Found(row);
    }
  }
  return found;
}

bool TakesValue(int option) {
  const Row* row = RowOf(option);
  return row == nullptr
             ? KindOfLetter(static_cast<char>(option)) == Kind::kWithValue
             : row->has_value;
}

std::string OptionText(int option) {
  const Row* row = RowOf(option);
  return row == nullptr || option < kListTimestampTypes
             ? std::string("-") + static_cast<char>(option)
             : absl::StrCat("--", row->name);
}

}  // namespace dissectd::cli::tshark
