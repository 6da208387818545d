// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_DECODE_AS_H_
#define CORE_EPAN_DECODE_AS_H_

#include <string>

#include "absl/status/status.h"

namespace dissectd::engine {

// The parts of tshark's `-d TABLE==SELECTOR,PROTOCOL`.
struct DecodeAsRule {
  std::string table;
  // A number in any of C's bases, a range of numbers "LOW-HIGH" or "LOW:COUNT",
  // or a string, depending on the table.
  std::string selector;
  // A protocol's filter name.
  std::string protocol;
};

// The kind of the keys of a dissector table.
enum class SelectorKind {
  kNumber,
  kString,
  // The table has no keys, only one dissector.
  kNone,
  // Keys that rules can't name.
  kOther,
};

// Returns the kind of the keys of a table, which must exist.
SelectorKind SelectorKindOf(const char* table);

// Makes a dissector table of this process use the protocol.
//
// Errors: INVALID_ARGUMENT with DECODE_AS_TABLE_UNKNOWN,
// DECODE_AS_SELECTOR_INVALID or DECODE_AS_PROTOCOL_UNKNOWN (also for a protocol
// that the table can't use).
absl::Status ApplyDecodeAs(const DecodeAsRule& rule);

// Resets the dissector tables of this process to their defaults: undoes the
// profile's decode-as entries, and its preferences that change tables.
void ResetDecodeAs();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_DECODE_AS_H_
