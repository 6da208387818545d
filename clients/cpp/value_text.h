// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_VALUE_TEXT_H_
#define CLIENTS_CPP_VALUE_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "clients/cpp/frame_view.h"
#include "clients/cpp/node.h"
#include "clients/cpp/output_buffer.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd {

// Returns whether values of this type have a text; labels and protocols don't.
inline bool HasValueText(v1::FieldType type) {
  return type != v1::FIELD_TYPE_NONE && type != v1::FIELD_TYPE_PROTOCOL &&
         type != v1::FIELD_TYPE_UNSPECIFIED;
}

// Returns the number of hexadecimal digits of values of an unsigned type.
int HexDigits(v1::FieldType type);

// Appends the value of a node as Wireshark 4.0 writes it (its FTREPR_DISPLAY),
// without resolved names and units. Appends nothing if the type has no text.
void AppendValueText(const Node& node, OutputBuffer* out);

// Returns the same text.
std::string ValueText(const Node& node);

// Returns the text of the first occurrence of a field; empty if there is none.
// See FrameView::Find.
std::string ValueText(const FrameView& frame, absl::string_view name);

// Appends the value of a node whose field has a bitmask, shifted to bit 0, in
// upper-case hexadecimal: the form of raw values in PDML and JSON.
void AppendMaskedValueHex(const Node& node, OutputBuffer* out);

}  // namespace dissectd

#endif  // CLIENTS_CPP_VALUE_TEXT_H_
