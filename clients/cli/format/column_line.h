// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_COLUMN_LINE_H_
#define CLIENTS_CLI_FORMAT_COLUMN_LINE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/cpp/frame_view.h"
#include "clients/cpp/output_buffer.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// The one-line summary of a frame: its columns, aligned by their formats.
//
// Thread-compatible.
class ColumnLine {
 public:
  // `delimiter` separates columns: a blank, or a tab for `-T tabs`.
  ColumnLine(const v1::StreamHeader& header, char delimiter);

  void Append(const FrameView& frame, OutputBuffer* out) const;

 private:
  struct Layout {
    size_t width = 0;
    bool align_right = false;
    // The text after the column.
    std::string separator;
  };

  std::vector<Layout> layouts_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_COLUMN_LINE_H_
