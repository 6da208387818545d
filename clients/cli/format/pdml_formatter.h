// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_PDML_FORMATTER_H_
#define CLIENTS_CLI_FORMAT_PDML_FORMATTER_H_

#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "clients/cli/format/field_values.h"
#include "clients/cli/format/formatter.h"
#include "clients/cli/format/frame_colors.h"
#include "clients/cli/format/protocol_filter.h"
#include "clients/cli/format/tshark_release.h"
#include "clients/cli/format/xml_creator.h"
#include "clients/cpp/output_buffer.h"

namespace dissectd::cli {

// The contents of `-T pdml`.
struct PdmlStyle {
  XmlCreator creator = XmlCreator::kDissectd;
  // The name of the capture, for the preamble.
  std::string capture_file;
  // Whether hidden nodes are shown, and therefore not marked.
  bool show_hidden = false;
  ProtocolFilter filter;
  // The fields to write (-e); if empty, the whole tree.
  std::vector<std::string> fields;
  Occurrence occurrence = Occurrence::kAll;
};

// Writes Packet Details Markup Language.
class PdmlFormatter : public Formatter {
 public:
  // `out` is not owned; outlives this.
  PdmlFormatter(PdmlStyle style, OutputBuffer* out);

  void Begin(const v1::StreamHeader& header) override;
  void WriteFrame(const FrameView& frame) override;
  void End() override;

 private:
  // Returns the size of the protocol `frame`, if the frame has it.
  absl::optional<unsigned> SizeOfFrameProtocol(const FrameView& frame) const;
  void WriteGeneralInformation(const FrameView& frame);
  void WriteSpecifiedFields(const FrameView& frame);
  // Writes a node. `parent` is the parent's index, or -1; `level` is the
  // indentation.
  void WriteNode(const FrameView& frame, int node, int parent, int level);
  void WriteStartTag(const FrameView& frame, int node, int parent);
  void WriteExtent(const FrameView& frame, int node, int parent);
  void WriteValueAttributes(const FrameView& frame, int node);
  void WriteChildren(const FrameView& frame, int node, int level);
  void Indent(int level);

  const PdmlStyle style_;
  OutputBuffer* const out_;
  // The release that the stream's engine belongs to. Begin sets it.
  const TsharkRelease* release_ = nullptr;
  FrameColors colors_;
  // Holds derived labels.
  OutputBuffer label_;
  absl::optional<FieldValues> fields_;
  // Whether the filter applies to the current element.
  bool filtering_;
  OutputBuffer scratch_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_PDML_FORMATTER_H_
