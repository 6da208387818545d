// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_CAPTURE_PIECE_FILES_H_
#define CORE_QUERY_CAPTURE_PIECE_FILES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/epan/capture_file.h"
#include "core/epan/handles.h"
#include "core/epan/packet_writer.h"

namespace dissectd::engine {

// Writes the frames of a capture into several files, one after the other, which
// lie behind each other in one file.
class PieceFiles {
 public:
  struct Piece {
    std::string name;
    uint64_t size_bytes;
  };
  struct Options {
    // Gets the files.
    OutputFile output;
    // A file for the one that is being written, if its type goes back in it.
    int scratch;
    // `/dev/null`, for SizeOf.
    int nowhere;
    OutputType type;
    WriteOptions write;
  };

  // Nothing is owned; everything outlives this.
  PieceFiles(Options options, CaptureFile* source)
      : options_(std::move(options)), source_(source) {}
  PieceFiles(const PieceFiles&) = delete;
  PieceFiles& operator=(const PieceFiles&) = delete;

  // Completes the current file, and begins one with this name. Errors:
  // FAILED_PRECONDITION (TOO_MANY_FILES); those of PacketWriter.
  absl::Status Begin(std::string name);
  bool has_begun() const { return current_.writer != nullptr; }

  // Writes a record of the source to the current file. Errors: those of
  // PacketWriter.
  absl::Status Write(Record* record, uint32_t frame);

  // Returns what a record of the source would add to the current file if it had
  // all earlier ones, in bytes before compression. Must be called for each
  // record or for none. Errors: those of PacketWriter.
  absl::StatusOr<uint64_t> SizeOf(Record* record, uint32_t frame);

  // The frames and bytes in the current file, without what is written at its
  // end.
  uint32_t frames() const { return frames_; }
  uint64_t bytes() const { return current_.writer->BytesWritten(); }

  // Completes the last file. Errors: those of PacketWriter.
  absl::Status End();

  const std::vector<Piece>& pieces() const { return pieces_; }
  uint32_t frames_written() const { return frames_written_; }

 private:
  // A writer, and how many of the interfaces it has written.
  struct Target {
    std::unique_ptr<PacketWriter> writer;
    size_t interfaces = 0;
  };

  absl::StatusOr<Target> Open(const OutputFile& output) const;
  // Writes the interfaces that the target doesn't have.
  absl::Status WriteInterfaces(Target* target, uint32_t frame);
  // Returns where the next file is written.
  absl::StatusOr<OutputFile> NextOutput() const;
  // Appends the scratch file to the output.
  absl::Status AppendScratch();

  const Options options_;
  CaptureFile* const source_;
  // The interfaces that the source has described so far.
  std::vector<wtap_block_t> interfaces_;
  Target current_;
  // Writes to nowhere, to find out sizes.
  Target meter_;
  std::string name_;
  uint32_t frames_ = 0;
  uint32_t frames_written_ = 0;
  uint64_t output_bytes_ = 0;
  std::vector<Piece> pieces_;
};

}  // namespace dissectd::engine

#endif  // CORE_QUERY_CAPTURE_PIECE_FILES_H_
