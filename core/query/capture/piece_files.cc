// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/capture/piece_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <limits>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/query/capture/written_file.h"

namespace dissectd::engine {
namespace {

constexpr size_t kMaxPieces = 1000;

absl::Status TooManyPieces() {
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      absl::StrCat("The capture would be split into more than ", kMaxPieces,
                   " files."),
      {"TOO_MANY_FILES", {{"limit", absl::StrCat(kMaxPieces)}}, {}});
}

}  // namespace

absl::StatusOr<PieceFiles::Target> PieceFiles::Open(
    const OutputFile& output) const {
  Target target;
  ASSIGN_OR_RETURN(
      target.writer,
      PacketWriter::Open(output, options_.type, options_.write.section_comments,
                         *source_));
  return target;
}

absl::Status PieceFiles::WriteInterfaces(Target* target, uint32_t frame) {
  while (wtap_block_t interface =
             wtap_get_next_interface_description(source_->handle())) {
    interfaces_.push_back(interface);
  }
  for (; target->interfaces < interfaces_.size(); ++target->interfaces) {
    RETURN_IF_ERROR(
        target->writer->WriteInterface(interfaces_[target->interfaces], frame));
  }
  return absl::OkStatus();
}

absl::Status PieceFiles::Begin(std::string name) {
  RETURN_IF_ERROR(End());
  if (pieces_.size() == kMaxPieces) return TooManyPieces();
  ASSIGN_OR_RETURN(const OutputFile output, NextOutput());
  ASSIGN_OR_RETURN(current_, Open(output));
  name_ = std::move(name);
  frames_ = 0;
  return WriteInterfaces(&current_, 0);
}

absl::Status PieceFiles::Write(Record* record, uint32_t frame) {
  RETURN_IF_ERROR(WriteInterfaces(&current_, frame));
  ++frames_;
  ++frames_written_;
  return current_.writer->Write(record->rec(), record->bytes(), frame);
}

absl::StatusOr<uint64_t> PieceFiles::SizeOf(Record* record, uint32_t frame) {
  if (meter_.writer == nullptr) {
    ASSIGN_OR_RETURN(
        meter_, Open({options_.nowhere, std::numeric_limits<uint64_t>::max()}));
    RETURN_IF_ERROR(WriteInterfaces(&meter_, 0));
  }
  const uint64_t before = meter_.writer->BytesWritten();
  RETURN_IF_ERROR(WriteInterfaces(&meter_, frame));
  RETURN_IF_ERROR(meter_.writer->Write(record->rec(), record->bytes(), frame));
  return meter_.writer->BytesWritten() - before;
}

absl::Status PieceFiles::End() {
  if (!has_begun()) return absl::OkStatus();
  if (options_.write.names) current_.writer->WriteNames();
  RETURN_IF_ERROR(current_.writer->Close());
  current_ = Target();
  if (!options_.type.IsSequential()) RETURN_IF_ERROR(AppendScratch());
  struct stat status;
  if (fstat(options_.output.fd, &status) != 0) {
    return absl::ErrnoToStatus(errno, "can't look at a file");
  }
  const auto size = static_cast<uint64_t>(status.st_size);
  pieces_.push_back({name_, size - output_bytes_});
  output_bytes_ = size;
  return absl::OkStatus();
}

absl::StatusOr<OutputFile> PieceFiles::NextOutput() const {
  if (options_.type.IsSequential()) {
    // wiretap goes to the beginning of each file to see whether it can.
    if (fcntl(options_.output.fd, F_SETFL, O_APPEND) == 0) {
      return options_.output;
    }
    return absl::ErrnoToStatus(errno, "can't append to a file");
  }
  if (ftruncate(options_.scratch, 0) == 0 &&
      lseek(options_.scratch, 0, SEEK_SET) == 0) {
    return OutputFile{options_.scratch,
                      options_.output.max_bytes - output_bytes_};
  }
  return absl::ErrnoToStatus(errno, "can't empty a file");
}

absl::Status PieceFiles::AppendScratch() {
  RETURN_IF_ERROR(
      ReadWrittenFile(options_.scratch, [this](absl::string_view chunk) {
        return AppendBytes(options_.output.fd, chunk);
      }).status());
  return CheckFileSize(options_.output);
}

}  // namespace dissectd::engine
