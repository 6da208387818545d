// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_FORMATTER_H_
#define CLIENTS_CLI_FORMAT_FORMATTER_H_

#include "clients/cpp/frame_view.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// Writes a stream of frames in one of tshark's output formats, to the
// OutputBuffer that the formatter was created with. The caller empties the
// buffer.
//
// Thread-compatible.
class Formatter {
 public:
  virtual ~Formatter() = default;

  // Writes the text before the frames. Called once.
  virtual void Begin(const v1::StreamHeader& header) = 0;

  // Writes a frame.
  virtual void WriteFrame(const FrameView& frame) = 0;

  // Writes the text after the frames, even if reading them failed.
  virtual void End() = 0;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_FORMATTER_H_
