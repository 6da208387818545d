// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_PACKET_WRITER_H_
#define CORE_EPAN_PACKET_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/epan/capture_file.h"
#include "core/epan/handles.h"
#include "dissectd/v1/wiretap.schema.h"

namespace dissectd::engine {

// Options of writing packets. The numbers are those of dissectd.v1.Compression.
using schema::Compression;

struct WriteOptions {
  // wiretap's short name; empty for pcapng.
  std::string file_type;
  Compression compression = Compression::kUnspecified;
  bool names = false;
  std::vector<std::string> section_comments;
};

// A file type for writing packets.
class OutputType {
 public:
  // Errors: INVALID_ARGUMENT (FILE_TYPE_UNKNOWN, COMMENTS_UNSUPPORTED),
  // FAILED_PRECONDITION (COMPRESSION_UNSUPPORTED).
  static absl::StatusOr<OutputType> For(const WriteOptions& options);

  int number() const { return number_; }
  std::string name() const { return wtap_file_type_subtype_name(number_); }
  wtap_compression_type compression() const { return compression_; }

  // The usual extension, without a dot; empty if there is none.
  std::string Extension() const;
  // Returns whether files are written without going back in them. wiretap
  // compresses only those.
  bool IsSequential() const { return wtap_dump_can_compress(number_) != FALSE; }
  // Returns whether the file type can store blocks of this type.
  bool Supports(wtap_block_type_t block) const;

 private:
  OutputType(int number, wtap_compression_type compression)
      : number_(number), compression_(compression) {}

  int number_;
  wtap_compression_type compression_;
};

// A file to write. Not owned.
struct OutputFile {
  int fd;
  uint64_t max_bytes;
};

// The number of records after which CheckFileSize is called again. Checking the
// size after each record would take a fifth of the time.
inline constexpr uint32_t kRecordsBetweenSizeChecks = 16;

// Checks the size of what wiretap has written so far. Errors:
// FAILED_PRECONDITION (EXPORT_TOO_LARGE).
absl::Status CheckFileSize(const OutputFile& output);

// Writes packets of one capture to another, with their interfaces, names and
// secrets. Worker process only.
class PacketWriter {
 public:
  // Starts writing to `output`, which is empty or, if the type is sequential,
  // may have O_APPEND set. `output` and `source`, from which the packets come,
  // outlive this. Errors: FAILED_PRECONDITION with a reason of WtapErrorReason,
  // EXPORT_TOO_LARGE, RESOURCE_EXHAUSTED (STORE_FULL), INTERNAL.
  static absl::StatusOr<std::unique_ptr<PacketWriter>> Open(
      OutputFile output, const OutputType& type,
      const std::vector<std::string>& section_comments,
      const CaptureFile& source);
  ~PacketWriter();
  PacketWriter(const PacketWriter&) = delete;
  PacketWriter& operator=(const PacketWriter&) = delete;

  // Returns wiretap's short name of the link-layer type.
  std::string Encapsulation() const { return wtap_encap_name(params_.encap); }

  // Checks that the file can have a time, which wiretap doesn't. Errors: those
  // of Write.
  absl::Status CheckTime(const nstime_t& time, uint32_t frame) const;

  // Writes the interfaces that the source has found since the last call. Errors
  // name the frame with this number.
  absl::Status WriteNewInterfaces(uint32_t frame);
  // Writes the interfaces of a further file of the source that earlier files
  // don't have: dumpcap begins each file with the interfaces of the one before.
  absl::Status WriteFurtherInterfaces(const CaptureFile& file);
  // Writes one of them.
  absl::Status WriteInterface(wtap_block_t interface, uint32_t frame);

  // Errors: as Open.
  absl::Status Write(const wtap_rec* rec, Buffer* bytes, uint32_t frame);

  // The number of bytes so far, before compression.
  uint64_t BytesWritten() const {
    return static_cast<uint64_t>(wtap_get_bytes_dumped(dumper_));
  }

  // Makes Close write the names that are known now. Returns whether the file
  // type can store them.
  bool WriteNames();

  // Completes the file. Errors: as Open.
  absl::Status Close();

 private:
  PacketWriter(OutputFile output, OutputType type, const CaptureFile& source)
      : output_(output), type_(type), source_(source) {}

  absl::Status Begin(const std::vector<std::string>& section_comments);
  void DescribeSection(const std::vector<std::string>& comments);
  const OutputFile output_;
  const OutputType type_;
  const CaptureFile& source_;
  wtap_dump_params params_ = {};
  uint32_t records_ = 0;
  uint32_t interfaces_ = 0;
  // Null once it is closed.
  wtap_dumper* dumper_ = nullptr;
};

}  // namespace dissectd::engine

#endif  // CORE_EPAN_PACKET_WRITER_H_
