// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_HEX_DUMP_H_
#define CLIENTS_CLI_FORMAT_HEX_DUMP_H_

#include "absl/strings/string_view.h"
#include "clients/cpp/frame_view.h"
#include "clients/cpp/output_buffer.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// The style of dumps: tshark's `--hexdump`.
struct HexDumpStyle {
  enum class Text { kInclude, kDelimit, kExclude };

  Text text = Text::kInclude;
  // Whether to dump only the first data source, without a name.
  bool first_source_only = false;
};

// Appends bytes as lines of an offset, up to 16 bytes, and their characters.
void AppendHexDump(absl::string_view bytes, v1::CharacterEncoding encoding,
                   HexDumpStyle::Text text, OutputBuffer* out);

// Appends the dumps of all data sources of a frame, each under its name if
// there are several.
void AppendFrameDump(const FrameView& frame, const HexDumpStyle& style,
                     OutputBuffer* out);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_HEX_DUMP_H_
