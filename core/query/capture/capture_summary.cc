// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/capture/capture_summary.h"

#include <algorithm>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <vector>

#include "core/base/status_macros.h"
#include "core/encode/read_error.h"
#include "core/epan/capture_file.h"
#include "core/epan/handles.h"
#include "core/query/capture/capture_blocks.h"
#include "core/query/capture/capture_tally.h"
#include "core/query/capture/file_hashes.h"

namespace dissectd::engine {
namespace {

// Field numbers, message by message, as in proto/dissectd/v1/file.proto and
// wiretap.proto.
enum class ResponseTag : protozero::pbf_tag_type { kFile = 1 };
enum class FileTag : protozero::pbf_tag_type { kSummary = 5 };
enum class SummaryTag : protozero::pbf_tag_type {
  kFormat = 1,
  kCompression,
  kEncapsulation,
  kEncapsulationCounts,
  kUnknownEncapsulations,
  kTimePrecision,
  kSnapLength,
  kShortestCutPacket,
  kLongestCutPacket,
  kPacketCount,
  kPacketBytes,
  kTimesKnown,
  kFirstTime,
  kLastTime,
  kDuration,
  kBytesPerSecond,
  kBitsPerSecond,
  kPacketsPerSecond,
  kAveragePacketBytes,
  kSha256,
  kRipemd160,
  kSha1,
  kTimeOrder,
  kSections,
  kInterfaces,
  kPacketsOfUnknownInterfaces,
  kResolvedIpv4Count,
  kResolvedIpv6Count,
  kDecryptionSecretCount,
  kReadError,
};
enum class FormatTag : protozero::pbf_tag_type {
  kNumber = 1,
  kName,
  kDescription,
};
enum class CountTag : protozero::pbf_tag_type {
  kEncapsulation = 1,
  kPacketCount,
};
enum class UnknownTag : protozero::pbf_tag_type {
  kPacketNumber = 1,
  kEncapsulationNumber,
};

using SummaryBuilder = protozero::pbf_builder<SummaryTag>;

// What wiretap calls back for. Its callbacks take nothing of ours along.
struct MetadataCounts {
  uint32_t ipv4 = 0;
  uint32_t ipv6 = 0;
  uint32_t secrets = 0;
};
MetadataCounts metadata_counts;

void CountMetadataOf(wtap* file) {
  metadata_counts = MetadataCounts();
  wtap_set_cb_new_ipv4(file,
                       [](guint, const gchar*) { ++metadata_counts.ipv4; });
  wtap_set_cb_new_ipv6(
      file, [](const void*, const gchar*) { ++metadata_counts.ipv6; });
  wtap_set_cb_new_secrets(
      file, [](guint32, const void*, guint) { ++metadata_counts.secrets; });
}

std::string FormatMessage(int type) {
  std::string message;
  protozero::pbf_builder<FormatTag> out(message);
  out.add_int32(FormatTag::kNumber, type);
  out.add_string(FormatTag::kName, wtap_file_type_subtype_name(type));
  out.add_string(FormatTag::kDescription,
                 wtap_file_type_subtype_description(type));
  return message;
}

// A value of dissectd.v1.FileCompression.
int32_t CompressionNumber(wtap_compression_type compression) {
  switch (compression) {
    case WTAP_UNCOMPRESSED:
      return 1;
    case WTAP_GZIP_COMPRESSED:
      return 2;
    case WTAP_ZSTD_COMPRESSED:
      return 3;
    case WTAP_LZ4_COMPRESSED:
      return 4;
  }
  return 0;
}

void AddFormat(wtap* file, SummaryBuilder* out) {
  out->add_message(SummaryTag::kFormat,
                   FormatMessage(wtap_file_type_subtype(file)));
  out->add_enum(SummaryTag::kCompression,
                CompressionNumber(wtap_get_compression_type(file)));
  out->add_message(SummaryTag::kEncapsulation,
                   EncapsulationMessage(wtap_file_encap(file)));
  out->add_message(SummaryTag::kTimePrecision,
                   PrecisionMessage(wtap_file_tsprec(file)));
  if (wtap_snapshot_length(file) > 0) {
    out->add_uint32(SummaryTag::kSnapLength, wtap_snapshot_length(file));
  }
}

void AddEncapsulations(const CaptureTally& tally, SummaryBuilder* out) {
  for (const auto& [encapsulation, packets] : tally.encapsulations()) {
    std::string message;
    protozero::pbf_builder<CountTag> count(message);
    count.add_message(CountTag::kEncapsulation,
                      EncapsulationMessage(encapsulation));
    count.add_uint32(CountTag::kPacketCount, packets);
    out->add_message(SummaryTag::kEncapsulationCounts, message);
  }
  for (const auto& [packet, encapsulation] : tally.unknown_encapsulations()) {
    std::string message;
    protozero::pbf_builder<UnknownTag> unknown(message);
    unknown.add_uint32(UnknownTag::kPacketNumber, packet);
    unknown.add_sint32(UnknownTag::kEncapsulationNumber, encapsulation);
    out->add_message(SummaryTag::kUnknownEncapsulations, message);
  }
}

void AddSizes(const CaptureTally& tally, SummaryBuilder* out) {
  if (tally.cut().has_value()) {
    out->add_uint32(SummaryTag::kShortestCutPacket, tally.cut()->first);
    out->add_uint32(SummaryTag::kLongestCutPacket, tally.cut()->second);
  }
  out->add_uint32(SummaryTag::kPacketCount, tally.packets());
  out->add_uint64(SummaryTag::kPacketBytes, tally.bytes());
  if (tally.packets() > 0) {
    out->add_double(SummaryTag::kAveragePacketBytes,
                    static_cast<double>(tally.bytes()) / tally.packets());
  }
}

void AddTimes(const CaptureTally& tally, SummaryBuilder* out) {
  out->add_bool(SummaryTag::kTimesKnown, tally.times_known());
  out->add_enum(SummaryTag::kTimeOrder, static_cast<int32_t>(tally.order()));
  if (tally.packets() == 0) return;
  const RecordTime& first = tally.first();
  const RecordTime& last = tally.last();
  if (tally.times_known()) {
    RecordTime duration;
    nstime_delta(&duration.time, &last.time, &first.time);
    duration.precision = std::max(first.precision, last.precision);
    out->add_message(SummaryTag::kFirstTime, TimeMessage(first));
    out->add_message(SummaryTag::kLastTime, TimeMessage(last));
    out->add_message(SummaryTag::kDuration, TimeMessage(duration));
  }
  // Not from the duration, which rounds otherwise.
  const double seconds = nstime_to_sec(&last.time) - nstime_to_sec(&first.time);
  if (seconds <= 0) return;
  const double rate = static_cast<double>(tally.bytes()) / seconds;
  out->add_double(SummaryTag::kBytesPerSecond, rate);
  out->add_double(SummaryTag::kBitsPerSecond, rate * 8);
  out->add_double(SummaryTag::kPacketsPerSecond, tally.packets() / seconds);
}

void AddHashes(const FileHashes& hashes, SummaryBuilder* out) {
  out->add_bytes(SummaryTag::kSha256, hashes.sha256);
  out->add_bytes(SummaryTag::kRipemd160, hashes.ripemd160);
  out->add_bytes(SummaryTag::kSha1, hashes.sha1);
}

// What may still be added to while records are read.
void AddMetadata(wtap* file, const CaptureTally& tally, SummaryBuilder* out) {
  for (guint i = 0; i < wtap_file_get_num_shbs(file); ++i) {
    out->add_message(SummaryTag::kSections,
                     SectionMessage(wtap_file_get_shb(file, i)));
  }
  const std::vector<wtap_block_t> interfaces = InterfaceBlocks(file);
  for (size_t i = 0; i < interfaces.size(); ++i) {
    out->add_message(
        SummaryTag::kInterfaces,
        InterfaceMessage(interfaces[i], tally.packets_of_interface(i)));
  }
  out->add_uint32(SummaryTag::kPacketsOfUnknownInterfaces,
                  tally.packets_of_unknown_interfaces());
  out->add_uint32(SummaryTag::kResolvedIpv4Count, metadata_counts.ipv4);
  out->add_uint32(SummaryTag::kResolvedIpv6Count, metadata_counts.ipv6);
  out->add_uint32(SummaryTag::kDecryptionSecretCount, metadata_counts.secrets);
}

std::string ResponseWith(const std::string& summary) {
  std::string file;
  protozero::pbf_builder<FileTag>(file).add_message(FileTag::kSummary, summary);
  std::string response;
  protozero::pbf_builder<ResponseTag>(response).add_message(ResponseTag::kFile,
                                                            file);
  return response;
}

}  // namespace

absl::Status DescribeCapture(const QueryContext& context, absl::string_view,
                             SendResponse send) {
  ASSIGN_OR_RETURN(
      CaptureFile capture,
      CaptureFile::Open(context.capture, context.capture_name,
                        /*random_access=*/false, EmptyFile::kAllow));
  ASSIGN_OR_RETURN(const FileHashes hashes, HashFile(context.capture));
  CountMetadataOf(capture.handle());
  CaptureTally tally(capture.handle());
  Record record;
  int64_t offset = 0;
  while (capture.Read(&record, &offset)) tally.Add(*record.rec());

  std::string summary;
  SummaryBuilder out(summary);
  AddFormat(capture.handle(), &out);
  AddEncapsulations(tally, &out);
  AddSizes(tally, &out);
  AddTimes(tally, &out);
  AddHashes(hashes, &out);
  AddMetadata(capture.handle(), tally, &out);
  if (capture.error().has_value()) {
    out.add_message(SummaryTag::kReadError,
                    ReadErrorBytes(*capture.error(), capture.name()));
  }
  return send(ResponseWith(summary));
}

}  // namespace dissectd::engine
