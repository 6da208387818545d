// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_ADDRESS_TEXT_H_
#define CLIENTS_CLI_FORMAT_ADDRESS_TEXT_H_

#include "absl/strings/string_view.h"
#include "clients/cli/format/output_buffer.h"

namespace dissectd::cli {

// Addresses and identifiers, each from its bytes in network order. What has
// another length than the type demands gives a text of zeros.

void AppendIpv4(absl::string_view bytes, OutputBuffer* out);
void AppendIpv6(absl::string_view bytes, OutputBuffer* out);
void AppendGuid(absl::string_view bytes, OutputBuffer* out);

// An ASN.1 object identifier in dotted form; nothing if a part of it does not
// fit 32 bits.
void AppendObjectIdentifier(absl::string_view ber, OutputBuffer* out);

// The same for a relative one: every part begins with a period.
void AppendRelativeObjectIdentifier(absl::string_view ber, OutputBuffer* out);

// An OSI system identifier.
void AppendSystemId(absl::string_view bytes, OutputBuffer* out);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_ADDRESS_TEXT_H_
