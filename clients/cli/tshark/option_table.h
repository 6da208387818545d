// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_TSHARK_OPTION_TABLE_H_
#define CLIENTS_CLI_TSHARK_OPTION_TABLE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dissectd::cli::tshark {

// An option of tshark 4.0: its letter, or a number if it has only a name.
enum Option : int {
  kListTimestampTypes = 1000,
  kTimestampType,
  kCompressType,
  kTempDir,
  kDisableProtocol,
  kEnableHeuristic,
  kDisableHeuristic,
  kEnableProtocol,
  kExportObjects,
  kExportTlsSessionKeys,
  kColor,
  kNoDuplicateKeys,
  kElasticMappingFilter,
  kCaptureComment,
  kHexDump,
  kSelectedFrame,
  kLogLevel,
  kLogFatal,
  kLogDomains,
  kLogDebug,
  kLogNoisy,
  kLogFile,
};

// Whether an option exists, and whether it has a value.
enum class Kind { kUnknown, kFlag, kWithValue };

Kind KindOfLetter(char letter);

// The result of the search for a long option.
struct LongOption {
  bool ambiguous = false;
  Kind kind = Kind::kUnknown;
  // The name in full; it may be given abbreviated.
  absl::string_view name;
  int option = 0;
};

LongOption FindLongOption(absl::string_view name);

// Whether an option, which exists, has a value.
bool TakesValue(int option);

// Returns an option as it is written: `-r`, or `--color`.
std::string OptionText(int option);

}  // namespace dissectd::cli::tshark

#endif  // CLIENTS_CLI_TSHARK_OPTION_TABLE_H_
