// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/capture/file_record.h"

#include <protozero/pbf_builder.hpp>

#include "core/epan/public_numbers.h"
#include "core/query/capture/capture_blocks.h"
#include "dissectd/v1/wiretap.schema.h"

namespace dissectd::engine {
namespace {

using RecordBuilder = protozero::pbf_builder<schema::FileRecord>;

bool Has(const wtap_rec& record, guint32 flag) {
  return (record.presence_flags & flag) != 0;
}

std::string VerdictMessage(const packet_verdict_opt_t& verdict) {
  std::string message;
  protozero::pbf_builder<schema::PacketVerdict> out(message);
  switch (verdict.type) {
    case packet_verdict_hardware:
      out.add_bytes(
          schema::PacketVerdict::kHardware,
          reinterpret_cast<const char*>(verdict.data.verdict_bytes->data),
          verdict.data.verdict_bytes->len);
      break;
    case packet_verdict_linux_ebpf_tc:
      out.add_uint64(schema::PacketVerdict::kLinuxEbpfTc,
                     verdict.data.verdict_linux_ebpf_tc);
      break;
    case packet_verdict_linux_ebpf_xdp:
      out.add_uint64(schema::PacketVerdict::kLinuxEbpfXdp,
                     verdict.data.verdict_linux_ebpf_xdp);
      break;
  }
  return message;
}

// Adds the metadata of a packet.
void AddOptions(wtap_block_t block, RecordBuilder* out) {
  guint64 number = 0;
  guint32 word = 0;
  if (wtap_block_get_uint64_option_value(block, OPT_PKT_DROPCOUNT, &number) ==
      WTAP_OPTTYPE_SUCCESS) {
    out->add_uint64(schema::FileRecord::kDropCount, number);
  }
  if (wtap_block_get_uint32_option_value(block, OPT_PKT_FLAGS, &word) ==
      WTAP_OPTTYPE_SUCCESS) {
    out->add_uint32(schema::FileRecord::kPacketFlags, word);
  }
  if (wtap_block_get_uint64_option_value(block, OPT_PKT_PACKETID, &number) ==
      WTAP_OPTTYPE_SUCCESS) {
    out->add_uint64(schema::FileRecord::kPacketId, number);
  }
  if (wtap_block_get_uint32_option_value(block, OPT_PKT_QUEUE, &word) ==
      WTAP_OPTTYPE_SUCCESS) {
    out->add_uint32(schema::FileRecord::kQueue, word);
  }
  packet_verdict_opt_t verdict;
  for (guint i = 0;
       wtap_block_get_nth_packet_verdict_option_value(
           block, OPT_PKT_VERDICT, i, &verdict) == WTAP_OPTTYPE_SUCCESS;
       ++i) {
    out->add_message(schema::FileRecord::kVerdicts, VerdictMessage(verdict));
  }
}

void AddPacket(const wtap_rec& record, RecordBuilder* out) {
  const wtap_packet_header& header = record.rec_header.packet_header;
  if (Has(record, WTAP_HAS_CAP_LEN)) {
    out->add_uint32(schema::FileRecord::kCapturedLength, header.caplen);
  }
  out->add_uint32(schema::FileRecord::kLength, header.len);
  if (Has(record, WTAP_HAS_INTERFACE_ID)) {
    out->add_uint32(schema::FileRecord::kInterfaceIndex, header.interface_id);
  }
  out->add_sint32(schema::FileRecord::kEncapsulationNumber, header.pkt_encap);
}

void AddHeader(const wtap_rec& record, RecordBuilder* out) {
  switch (record.rec_type) {
    case REC_TYPE_PACKET:
      return AddPacket(record, out);
    case REC_TYPE_FT_SPECIFIC_EVENT:
    case REC_TYPE_FT_SPECIFIC_REPORT:
      out->add_uint32(schema::FileRecord::kCapturedLength,
                      record.rec_header.ft_specific_header.record_len);
      out->add_uint32(schema::FileRecord::kSpecificType,
                      record.rec_header.ft_specific_header.record_type);
      return;
    case REC_TYPE_SYSCALL:
      out->add_uint32(schema::FileRecord::kCapturedLength,
                      record.rec_header.syscall_header.event_filelen);
      out->add_uint32(schema::FileRecord::kLength,
                      record.rec_header.syscall_header.event_len);
      out->add_uint32(schema::FileRecord::kSpecificType,
                      record.rec_header.syscall_header.event_type);
      return;
    case REC_TYPE_SYSTEMD_JOURNAL_EXPORT:
      out->add_uint32(
          schema::FileRecord::kCapturedLength,
          record.rec_header.systemd_journal_export_header.record_len);
      return;
    case REC_TYPE_CUSTOM_BLOCK:
      out->add_uint32(schema::FileRecord::kCapturedLength,
                      record.rec_header.custom_block_header.length);
      out->add_uint32(schema::FileRecord::kEnterpriseNumber,
                      record.rec_header.custom_block_header.pen);
      return;
    default:
      return;
  }
}

}  // namespace

std::string RecordMessage(uint32_t number, int64_t offset,
                          const wtap_rec& record) {
  std::string message;
  RecordBuilder out(message);
  out.add_uint32(schema::FileRecord::kNumber, number);
  out.add_enum(schema::FileRecord::kType,
               PublicNumber(kRecordTypes, record.rec_type));
  if (Has(record, WTAP_HAS_TS)) {
    out.add_message(schema::FileRecord::kTime, TimeMessage(record.ts));
    out.add_message(schema::FileRecord::kTimePrecision,
                    PrecisionMessage(record.tsprec));
  }
  AddHeader(record, &out);
  // Only some formats have this number.
  if (Has(record, WTAP_HAS_SECTION_NUMBER)) {
    out.add_uint32(schema::FileRecord::kSectionIndex, record.section_number);
  }
  if (record.block != nullptr) {
    if (record.rec_type == REC_TYPE_PACKET) AddOptions(record.block, &out);
    TextFields texts(schema::FileRecord::kRawFields, &out);
    AddComments(record.block, schema::FileRecord::kComments, &texts);
  }
  out.add_int64(schema::FileRecord::kFileOffset, offset);
  return message;
}

}  // namespace dissectd::engine
