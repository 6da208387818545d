// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_XML_ESCAPE_H_
#define CLIENTS_CLI_FORMAT_XML_ESCAPE_H_

#include "absl/strings/string_view.h"
#include "clients/cpp/output_buffer.h"

namespace dissectd::cli {

// Appends text, replacing characters that XML reserves or forbids.
void AppendXmlEscaped(absl::string_view text, OutputBuffer* out);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_XML_ESCAPE_H_
