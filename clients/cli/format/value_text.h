// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_VALUE_TEXT_H_
#define CLIENTS_CLI_FORMAT_VALUE_TEXT_H_

#include "clients/cli/format/node.h"
#include "clients/cli/format/output_buffer.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// Whether values of this type have a text at all: labels and protocols do not.
inline bool HasValueText(v1::FieldType type) {
  return type != v1::FIELD_TYPE_NONE && type != v1::FIELD_TYPE_PROTOCOL &&
         type != v1::FIELD_TYPE_UNSPECIFIED;
}

// Returns how many hexadecimal digits values of an unsigned type are written
// with.
int HexDigits(v1::FieldType type);

// Appends the value of a node as Wireshark 4.0 writes it (its
// FTREPR_DISPLAY): without resolved names and units. Nothing if the type has
// no text.
void AppendValueText(const Node& node, OutputBuffer* out);

// Appends the value of a node whose field has a bitmask, shifted to bit 0, in
// upper-case hexadecimal: the form of raw values in PDML and JSON.
void AppendMaskedValueHex(const Node& node, OutputBuffer* out);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_VALUE_TEXT_H_
