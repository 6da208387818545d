// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_PSML_FORMATTER_H_
#define CLIENTS_CLI_FORMAT_PSML_FORMATTER_H_

#include "clients/cli/format/formatter.h"
#include "clients/cli/format/frame_colors.h"
#include "clients/cli/format/xml_creator.h"
#include "clients/cpp/output_buffer.h"

namespace dissectd::cli {

// Writes Packet Summary Markup Language: the columns of each frame.
class PsmlFormatter : public Formatter {
 public:
  // `out` is not owned; outlives this.
  PsmlFormatter(XmlCreator creator, OutputBuffer* out)
      : creator_(creator), out_(out) {}

  void Begin(const v1::StreamHeader& header) override;
  void WriteFrame(const FrameView& frame) override;
  void End() override;

 private:
  const XmlCreator creator_;
  OutputBuffer* const out_;
  FrameColors colors_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_PSML_FORMATTER_H_
