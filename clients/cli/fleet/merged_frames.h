// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FLEET_MERGED_FRAMES_H_
#define CLIENTS_CLI_FLEET_MERGED_FRAMES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "clients/cli/exit_codes.h"
#include "clients/cli/fleet/node_lines.h"
#include "clients/cli/format/formatter.h"
#include "clients/cli/output_file.h"
#include "clients/cli/print_options.h"
#include "clients/cpp/frame_decoder.h"
#include "clients/cpp/output_buffer.h"
#include "dissectd/v1/fleet.pb.h"

namespace dissectd::cli {

// Prints the frames of several nodes to standard output as they come, with the
// node in each line. Errors go to standard error.
//
// Thread-compatible.
class MergedFrames {
 public:
  // `options` is not owned and outlives this. Types of output that are one
  // document don't work.
  explicit MergedFrames(const PrintOptions& options);
  // Leaves a terminal with its default colors.
  ~MergedFrames();
  MergedFrames(const MergedFrames&) = delete;
  MergedFrames& operator=(const MergedFrames&) = delete;

  // Takes the next message of the call. Errors: those of OutputFile::Flush.
  absl::Status Take(const v1::DissectNodesResponse& message);

  // The number of frames so far, and of those that came out of order.
  uint64_t frames() const { return frames_; }
  uint64_t late_frames() const { return late_frames_; }

  // Whether a dissection has started.
  bool began() const { return began_; }

  // The code of the first node that failed for good, or whose dissection
  // crashed.
  ExitCode code() const { return code_; }

 private:
  // A stream of a node.
  struct Stream {
    std::string node;
    // The formatter refers to them.
    PrintOptions options;
    FrameDecoder decoder;
    // Null if frames aren't printed.
    std::unique_ptr<Formatter> formatter;
  };

  void Start(const v1::DissectNodesResponse& message);
  void End(const v1::DissectNodesResponse& message);
  void TakeResponse(const v1::DissectResponse& response, Stream* stream);
  void PrintFrames(const v1::FrameBatch& batch, Stream* stream);
  void Fail(const std::string& node, const v1::Failure& failure);

  const PrintOptions& options_;
  OutputFile output_;
  NodeLines lines_;
  // What the formatters write.
  OutputBuffer text_;
  std::map<uint32_t, std::unique_ptr<Stream>> streams_;
  bool began_ = false;
  // Whether the error in the display filter, which all nodes find, is told.
  bool filter_error_told_ = false;
  uint64_t frames_ = 0;
  uint64_t late_frames_ = 0;
  ExitCode code_ = kExitOk;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FLEET_MERGED_FRAMES_H_
