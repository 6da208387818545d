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
  // or a string, as the table has it.
  std::string selector;
  // A protocol's filter name.
  std::string protocol;
};

// What the keys of a dissector table are.
enum class SelectorKind {
  kNumber,
  kString,
  // It has one dissector.
  kNone,
  // Rules can't name them.
  kOther,
};

// Of a table that exists.
SelectorKind SelectorKindOf(const char* table);

// Makes a dissector table of this process use the protocol.
//
// Errors: INVALID_ARGUMENT with DECODE_AS_TABLE_UNKNOWN,
// DECODE_AS_SELECTOR_INVALID or DECODE_AS_PROTOCOL_UNKNOWN (also for a protocol
// that the table can't use).
absl::Status ApplyDecodeAs(const DecodeAsRule& rule);

// Undoes what the profile has made dissector tables of this process use, by
// decode-as entries and by preferences.
void ResetDecodeAs();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_DECODE_AS_H_
