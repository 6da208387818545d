// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_LABEL_TEXT_H_
#define CLIENTS_CPP_LABEL_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "clients/cpp/node.h"
#include "clients/cpp/output_buffer.h"

namespace dissectd {

// Returns the label of a node, as in Wireshark's packet details, without the
// brackets of generated nodes. A derived label is written to `scratch`, and
// valid until that changes.
absl::string_view LabelText(const Node& node, OutputBuffer* scratch);

// Returns the same text.
std::string LabelText(const Node& node);

}  // namespace dissectd

#endif  // CLIENTS_CPP_LABEL_TEXT_H_
