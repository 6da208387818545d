// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_JSON_FORMATTER_H_
#define CLIENTS_CLI_FORMAT_JSON_FORMATTER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "clients/cli/format/field_values.h"
#include "clients/cli/format/formatter.h"
#include "clients/cli/format/json_writer.h"
#include "clients/cli/format/protocol_filter.h"
#include "clients/cli/format/tshark_release.h"
#include "clients/cpp/output_buffer.h"

namespace dissectd::cli {

// The contents of `-T json` and `-T jsonraw`.
struct JsonStyle {
  // Whether to write values; false for jsonraw.
  bool text = true;
  // Whether to write raw values: for jsonraw, and for json with -x.
  bool raw = false;
  // Whether nodes with the same name become one member (--no-duplicate-keys).
  bool merge_duplicates = false;
  ProtocolFilter filter;
  // The fields to write (-e); if empty, the whole tree.
  std::vector<std::string> fields;
  Occurrence occurrence = Occurrence::kAll;
};

// Writes an array with an object for each frame.
class JsonFormatter : public Formatter {
 public:
  // `out` is not owned; outlives this.
  JsonFormatter(JsonStyle style, OutputBuffer* out);

  void Begin(const v1::StreamHeader& header) override;
  void WriteFrame(const FrameView& frame) override;
  void End() override;

 private:
  // Nodes that become one member.
  using Group = absl::Span<const int>;
  using NodeWriter = void (JsonFormatter::*)(const FrameView&, int node);

  void WriteSpecifiedFields(const FrameView& frame);
  // Writes the nodes from `begin` to `end` and their siblings as an object.
  void WriteNodes(const FrameView& frame, int begin, int end);
  void WriteGroup(const FrameView& frame, Group group);
  void WriteMember(const FrameView& frame, Group group,
                   absl::string_view suffix, NodeWriter writer);

  void WriteValue(const FrameView& frame, int node);
  void WriteRaw(const FrameView& frame, int node);
  void WriteFiltered(const FrameView& frame, int node);
  void WriteWithoutValue(const FrameView& frame, int node);
  void WriteChildren(const FrameView& frame, int node);

  absl::string_view KeyOf(const FrameView& frame, int node) const;

  const JsonStyle style_;
  OutputBuffer* const out_;
  // The release that the stream's engine belongs to. Begin sets it.
  const TsharkRelease* release_ = nullptr;
  JsonWriter json_;
  absl::optional<FieldValues> fields_;
  // Whether the filter applies to the current object.
  bool filtering_;
  OutputBuffer scratch_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_JSON_FORMATTER_H_
