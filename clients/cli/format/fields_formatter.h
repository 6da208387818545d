// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_FIELDS_FORMATTER_H_
#define CLIENTS_CLI_FORMAT_FIELDS_FORMATTER_H_

#include <string>
#include <vector>

#include "clients/cli/format/field_values.h"
#include "clients/cli/format/formatter.h"
#include "clients/cpp/output_buffer.h"

namespace dissectd::cli {

// The style of `-T fields`: tshark's `-E`.
struct FieldsStyle {
  bool byte_order_mark = false;
  bool header = false;
  char separator = '\t';
  char aggregator = ',';
  // The quotation mark around values; 0 for none.
  char quote = 0;
  Occurrence occurrence = Occurrence::kAll;
};

// Writes a line of separated values for each frame.
class FieldsFormatter : public Formatter {
 public:
  // `out` is not owned; outlives this.
  FieldsFormatter(std::vector<std::string> names, const FieldsStyle& style,
                  OutputBuffer* out)
      : style_(style), values_(std::move(names), style.occurrence), out_(out) {}

  void Begin(const v1::StreamHeader& header) override;
  void WriteFrame(const FrameView& frame) override;
  void End() override {}

 private:
  const FieldsStyle style_;
  FieldValues values_;
  OutputBuffer* const out_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_FIELDS_FORMATTER_H_
