// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_XML_CREATOR_H_
#define CLIENTS_CLI_FORMAT_XML_CREATOR_H_

#include "clients/cpp/output_buffer.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// The program that PDML and PSML name as their creator.
enum class XmlCreator { kDissectd, kWireshark };

// Appends the name and version of the creator. `header` has Wireshark's.
void AppendXmlCreator(XmlCreator creator, const v1::StreamHeader& header,
                      OutputBuffer* out);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_XML_CREATOR_H_
