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
#include "core/epan/public_numbers.h"
#include "core/epan/wireshark_version.h"
#include "core/query/capture/capture_blocks.h"
#include "core/query/capture/capture_tally.h"
#include "core/query/capture/file_hashes.h"
#include "dissectd/v1/file.schema.h"
#include "dissectd/v1/wiretap.schema.h"

namespace dissectd::engine {
namespace {

using SummaryBuilder = protozero::pbf_builder<schema::FileSummary>;

// Collects reports of wiretap's callbacks, which have no user data.
struct MetadataCounts {
  uint32_t ipv4 = 0;
  uint32_t ipv6 = 0;
  uint32_t secrets = 0;
};
MetadataCounts metadata_counts;

void CountIpv4Name() { ++metadata_counts.ipv4; }
void CountIpv6Name() { ++metadata_counts.ipv6; }

void CountMetadataOf(wtap* file) {
  metadata_counts = MetadataCounts();
  wtap_set_cb_new_ipv4(file, OnIpv4Name<CountIpv4Name>);
  wtap_set_cb_new_ipv6(file, OnIpv6Name<CountIpv6Name>);
  wtap_set_cb_new_secrets(
      file, [](guint32, const void*, guint) { ++metadata_counts.secrets; });
}

std::string FileTypeMessage(int type) {
  std::string message;
  protozero::pbf_builder<schema::FileType> out(message);
  out.add_uint32(schema::FileType::kNumber, static_cast<uint32_t>(type));
  out.add_string(schema::FileType::kName, wtap_file_type_subtype_name(type));
  out.add_string(schema::FileType::kDescription,
                 wtap_file_type_subtype_description(type));
  return message;
}

void AddFormat(wtap* file, SummaryBuilder* out) {
  out->add_message(schema::FileSummary::kFileType,
                   FileTypeMessage(wtap_file_type_subtype(file)));
  out->add_enum(schema::FileSummary::kCompression,
                PublicNumber(kCompressions, wtap_get_compression_type(file)));
  out->add_message(schema::FileSummary::kEncapsulation,
                   EncapsulationMessage(wtap_file_encap(file)));
  out->add_message(schema::FileSummary::kTimePrecision,
                   PrecisionMessage(wtap_file_tsprec(file)));
  if (wtap_snapshot_length(file) > 0) {
    out->add_uint32(schema::FileSummary::kSnapshotLength,
                    wtap_snapshot_length(file));
  }
}

void AddEncapsulations(const CaptureTally& tally, SummaryBuilder* out) {
  for (const auto& [encapsulation, packets] : tally.encapsulations()) {
    std::string message;
    protozero::pbf_builder<schema::EncapsulationCount> count(message);
    count.add_message(schema::EncapsulationCount::kEncapsulation,
                      EncapsulationMessage(encapsulation));
    count.add_uint32(schema::EncapsulationCount::kPacketCount, packets);
    out->add_message(schema::FileSummary::kEncapsulationCounts, message);
  }
  for (const auto& [packet, encapsulation] : tally.unknown_encapsulations()) {
    std::string message;
    protozero::pbf_builder<schema::UnknownEncapsulation> unknown(message);
    unknown.add_uint32(schema::UnknownEncapsulation::kPacketNumber, packet);
    unknown.add_sint32(schema::UnknownEncapsulation::kEncapsulationNumber,
                       encapsulation);
    out->add_message(schema::FileSummary::kUnknownEncapsulations, message);
  }
}

void AddSizes(const CaptureTally& tally, SummaryBuilder* out) {
  if (tally.cut().has_value()) {
    out->add_uint32(schema::FileSummary::kShortestCutPacket,
                    tally.cut()->first);
    out->add_uint32(schema::FileSummary::kLongestCutPacket,
                    tally.cut()->second);
  }
  out->add_uint32(schema::FileSummary::kPacketCount, tally.packets());
  out->add_uint64(schema::FileSummary::kPacketBytes, tally.bytes());
  if (tally.packets() > 0) {
    out->add_double(schema::FileSummary::kAveragePacketBytes,
                    static_cast<double>(tally.bytes()) / tally.packets());
  }
}

void AddTimes(const CaptureTally& tally, SummaryBuilder* out) {
  out->add_bool(schema::FileSummary::kTimesKnown, tally.times_known());
  out->add_enum(schema::FileSummary::kTimeOrder,
                static_cast<int32_t>(tally.order()));
  if (tally.packets() == 0) return;
  const RecordTime& first = tally.first();
  const RecordTime& last = tally.last();
  if (tally.times_known()) {
    nstime_t duration;
    nstime_delta(&duration, &last.time, &first.time);
    out->add_message(schema::FileSummary::kFirstTime, TimeMessage(first.time));
    out->add_message(schema::FileSummary::kLastTime, TimeMessage(last.time));
    out->add_message(schema::FileSummary::kFirstTimePrecision,
                     PrecisionMessage(first.precision));
    out->add_message(schema::FileSummary::kLastTimePrecision,
                     PrecisionMessage(last.precision));
    out->add_message(schema::FileSummary::kDuration, TimeMessage(duration));
    out->add_message(
        schema::FileSummary::kDurationPrecision,
        PrecisionMessage(std::max(first.precision, last.precision)));
  }
  // Computed from the times, as capinfos rounds the duration differently.
  const double seconds = nstime_to_sec(&last.time) - nstime_to_sec(&first.time);
  if (seconds <= 0) return;
  const double rate = static_cast<double>(tally.bytes()) / seconds;
  out->add_double(schema::FileSummary::kBytesPerSecond, rate);
  out->add_double(schema::FileSummary::kBitsPerSecond, rate * 8);
  out->add_double(schema::FileSummary::kPacketsPerSecond,
                  tally.packets() / seconds);
}

void AddHashes(const FileHashes& hashes, SummaryBuilder* out) {
  out->add_bytes(schema::FileSummary::kSha256, hashes.sha256);
  out->add_bytes(schema::FileSummary::kRipemd160, hashes.ripemd160);
  out->add_bytes(schema::FileSummary::kSha1, hashes.sha1);
}

// Adds metadata that may change while records are read.
void AddMetadata(wtap* file, const CaptureTally& tally, SummaryBuilder* out) {
  for (guint i = 0; i < wtap_file_get_num_shbs(file); ++i) {
    out->add_message(schema::FileSummary::kSections,
                     SectionMessage(wtap_file_get_shb(file, i)));
  }
  const std::vector<wtap_block_t> interfaces = InterfaceBlocks(file);
  for (size_t i = 0; i < interfaces.size(); ++i) {
    out->add_message(
        schema::FileSummary::kInterfaces,
        InterfaceMessage(interfaces[i], tally.packets_of_interface(i)));
  }
  out->add_uint32(schema::FileSummary::kPacketsOfUnknownInterfaces,
                  tally.packets_of_unknown_interfaces());
  out->add_uint32(schema::FileSummary::kResolvedIpv4Count,
                  metadata_counts.ipv4);
  out->add_uint32(schema::FileSummary::kResolvedIpv6Count,
                  metadata_counts.ipv6);
  out->add_uint32(schema::FileSummary::kDecryptionSecretCount,
                  metadata_counts.secrets);
}

std::string ResponseWith(const std::string& summary) {
  std::string file;
  protozero::pbf_builder<schema::File>(file).add_message(schema::File::kSummary,
                                                         summary);
  std::string response;
  protozero::pbf_builder<schema::GetFileResponse>(response).add_message(
      schema::GetFileResponse::kFile, file);
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
    out.add_message(schema::FileSummary::kReadError,
                    ReadErrorBytes(*capture.error(), capture.name()));
  }
  return send(ResponseWith(summary));
}

}  // namespace dissectd::engine
