// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_FORMATTER_H_
#define CLIENTS_CLI_FORMAT_FORMATTER_H_

#include "clients/cli/format/frame_view.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// Writes a stream of frames in one of tshark's output formats. What is written
// goes to the OutputBuffer that the formatter was made with; emptying it is
// the caller's business.
//
// Thread-compatible.
class Formatter {
 public:
  virtual ~Formatter() = default;

  // What comes before the frames. Called once.
  virtual void Begin(const v1::StreamHeader& header) = 0;

  // A frame.
  virtual void WriteFrame(const FrameView& frame) = 0;

  // What comes after the frames, also where reading them failed.
  virtual void End() = 0;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_FORMATTER_H_
