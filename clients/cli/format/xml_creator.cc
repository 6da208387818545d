// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/xml_creator.h"

#include "clients/cli/version.h"

namespace dissectd::cli {

void AppendXmlCreator(XmlCreator creator, const v1::StreamHeader& header,
                      OutputBuffer* out) {
  switch (creator) {
    case XmlCreator::kDissectd:
      out->Append("dissectd/");
      out->Append(kVersion);
      return;
    case XmlCreator::kWireshark:
      out->Append("wireshark/");
      out->Append(header.wireshark_version());
      return;
  }
}

}  // namespace dissectd::cli
