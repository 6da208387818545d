// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_ADDRESS_TEXT_H_
#define CLIENTS_CPP_ADDRESS_TEXT_H_

#include "absl/strings/string_view.h"
#include "clients/cpp/output_buffer.h"

namespace dissectd {

// Append addresses and identifiers, each from its bytes in network order. If
// the length is wrong for the type, the text has zeros.

void AppendIpv4(absl::string_view bytes, OutputBuffer* out);
void AppendIpv6(absl::string_view bytes, OutputBuffer* out);
void AppendGuid(absl::string_view bytes, OutputBuffer* out);

// Appends an ASN.1 object identifier in dotted form; nothing if a part of it
// doesn't fit 32 bits.
void AppendObjectIdentifier(absl::string_view ber, OutputBuffer* out);

// Appends a relative object identifier: every part begins with a period.
void AppendRelativeObjectIdentifier(absl::string_view ber, OutputBuffer* out);

// Appends an OSI system identifier.
void AppendSystemId(absl::string_view bytes, OutputBuffer* out);

}  // namespace dissectd

#endif  // CLIENTS_CPP_ADDRESS_TEXT_H_
