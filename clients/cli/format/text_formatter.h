// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_TEXT_FORMATTER_H_
#define CLIENTS_CLI_FORMAT_TEXT_FORMATTER_H_

#include <string>

#include "absl/types/optional.h"
#include "clients/cli/format/column_line.h"
#include "clients/cli/format/formatter.h"
#include "clients/cli/format/frame_colors.h"
#include "clients/cli/format/hex_dump.h"
#include "clients/cli/format/tree_text.h"
#include "clients/cpp/output_buffer.h"

namespace dissectd::cli {

// The parts of each frame that `-T text` and `-T tabs` write.
struct TextStyle {
  bool summary = true;
  bool details = false;
  bool bytes = false;
  // Whether summary lines have the colors of frames, for a terminal.
  bool colors = false;
  // The separator of columns.
  char delimiter = ' ';
  // The line after a frame with details or bytes (`-S`).
  std::string separator;
  TreeTextStyle tree;
  HexDumpStyle dump;
};

// Writes summary lines, packet details, and dumps.
class TextFormatter : public Formatter {
 public:
  // `out` is not owned; outlives this.
  TextFormatter(TextStyle style, OutputBuffer* out)
      : style_(std::move(style)), out_(out) {}

  void Begin(const v1::StreamHeader& header) override;
  void WriteFrame(const FrameView& frame) override;
  void End() override {}

 private:
  void AppendSummary(const FrameView& frame);

  const TextStyle style_;
  OutputBuffer* const out_;
  FrameColors colors_;
  absl::optional<ColumnLine> columns_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_TEXT_FORMATTER_H_
