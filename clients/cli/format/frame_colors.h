// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_FRAME_COLORS_H_
#define CLIENTS_CLI_FORMAT_FRAME_COLORS_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "clients/cpp/frame_view.h"
#include "clients/cpp/output_buffer.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// The sequence after which a terminal writes in its default colors.
inline constexpr absl::string_view kDefaultColors = "\x1b[0m";

// The colors of a stream's frames. Frames have none unless they were requested.
//
// Thread-compatible.
class FrameColors {
 public:
  void Begin(const v1::StreamHeader& header) {
    rules_.assign(header.coloring_rules().begin(),
                  header.coloring_rules().end());
  }

  // Writes the sequences that set a terminal's colors to those of the frame.
  // Returns false if the frame has none.
  bool AppendToTerminal(const FrameView& frame, OutputBuffer* out) const;

  // Writes the frame's colors as attributes of an XML tag, as tshark does.
  void AppendAttributes(const FrameView& frame, OutputBuffer* out) const;

 private:
  // Returns the rule that the frame matches; null if there is none.
  const v1::ColoringRule* RuleOf(const FrameView& frame) const;

  std::vector<v1::ColoringRule> rules_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_FRAME_COLORS_H_
