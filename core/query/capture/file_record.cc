// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/capture/file_record.h"

#include <protozero/pbf_builder.hpp>

#include "core/query/capture/capture_blocks.h"

namespace dissectd::engine {
namespace {

// Field numbers, message by message, as in proto/dissectd/v1/wiretap.proto.
enum class RecordTag : protozero::pbf_tag_type {
  kNumber = 1,
  kType,
  kTime,
  kCapturedLength,
  kLength,
  kInterfaceIndex,
  kSectionIndex,
  kEncapsulationNumber,
  kDropCount,
  kPacketFlags,
  kPacketId,
  kQueue,
  kVerdicts,
  kComments,
  kSpecificType,
  kEnterpriseNumber,
  kFileOffset,
};
enum class VerdictTag : protozero::pbf_tag_type {
  kHardware = 1,
  kLinuxEbpfTc,
  kLinuxEbpfXdp,
};

using RecordBuilder = protozero::pbf_builder<RecordTag>;

// dissectd.v1.RecordType lists wiretap's types after UNSPECIFIED.
int32_t TypeNumber(guint type) {
  return type <= REC_TYPE_CUSTOM_BLOCK ? static_cast<int32_t>(type) + 1 : 0;
}

bool Has(const wtap_rec& record, guint32 flag) {
  return (record.presence_flags & flag) != 0;
}

std::string VerdictMessage(const packet_verdict_opt_t& verdict) {
  std::string message;
  protozero::pbf_builder<VerdictTag> out(message);
  switch (verdict.type) {
    case packet_verdict_hardware:
      out.add_bytes(
          VerdictTag::kHardware,
          reinterpret_cast<const char*>(verdict.data.verdict_bytes->data),
          verdict.data.verdict_bytes->len);
      break;
    case packet_verdict_linux_ebpf_tc:
      out.add_uint64(VerdictTag::kLinuxEbpfTc,
                     verdict.data.verdict_linux_ebpf_tc);
      break;
    case packet_verdict_linux_ebpf_xdp:
      out.add_uint64(VerdictTag::kLinuxEbpfXdp,
                     verdict.data.verdict_linux_ebpf_xdp);
      break;
  }
  return message;
}

// What the file says of a packet beside its bytes.
void AddOptions(wtap_block_t block, RecordBuilder* out) {
  guint64 number = 0;
  guint32 word = 0;
  if (wtap_block_get_uint64_option_value(block, OPT_PKT_DROPCOUNT, &number) ==
      WTAP_OPTTYPE_SUCCESS) {
    out->add_uint64(RecordTag::kDropCount, number);
  }
  if (wtap_block_get_uint32_option_value(block, OPT_PKT_FLAGS, &word) ==
      WTAP_OPTTYPE_SUCCESS) {
    out->add_uint32(RecordTag::kPacketFlags, word);
  }
  if (wtap_block_get_uint64_option_value(block, OPT_PKT_PACKETID, &number) ==
      WTAP_OPTTYPE_SUCCESS) {
    out->add_uint64(RecordTag::kPacketId, number);
  }
  if (wtap_block_get_uint32_option_value(block, OPT_PKT_QUEUE, &word) ==
      WTAP_OPTTYPE_SUCCESS) {
    out->add_uint32(RecordTag::kQueue, word);
  }
  packet_verdict_opt_t verdict;
  for (guint i = 0;
       wtap_block_get_nth_packet_verdict_option_value(
           block, OPT_PKT_VERDICT, i, &verdict) == WTAP_OPTTYPE_SUCCESS;
       ++i) {
    out->add_message(RecordTag::kVerdicts, VerdictMessage(verdict));
  }
}

void AddPacket(const wtap_rec& record, RecordBuilder* out) {
  const wtap_packet_header& header = record.rec_header.packet_header;
  if (Has(record, WTAP_HAS_CAP_LEN)) {
    out->add_uint32(RecordTag::kCapturedLength, header.caplen);
  }
  out->add_uint32(RecordTag::kLength, header.len);
  if (Has(record, WTAP_HAS_INTERFACE_ID)) {
    out->add_uint32(RecordTag::kInterfaceIndex, header.interface_id);
  }
  out->add_sint32(RecordTag::kEncapsulationNumber, header.pkt_encap);
}

void AddHeader(const wtap_rec& record, RecordBuilder* out) {
  switch (record.rec_type) {
    case REC_TYPE_PACKET:
      return AddPacket(record, out);
    case REC_TYPE_FT_SPECIFIC_EVENT:
    case REC_TYPE_FT_SPECIFIC_REPORT:
      out->add_uint32(RecordTag::kCapturedLength,
                      record.rec_header.ft_specific_header.record_len);
      out->add_uint32(RecordTag::kSpecificType,
                      record.rec_header.ft_specific_header.record_type);
      return;
    case REC_TYPE_SYSCALL:
      out->add_uint32(RecordTag::kCapturedLength,
                      record.rec_header.syscall_header.event_filelen);
      out->add_uint32(RecordTag::kLength,
                      record.rec_header.syscall_header.event_len);
      out->add_uint32(RecordTag::kSpecificType,
                      record.rec_header.syscall_header.event_type);
      return;
    case REC_TYPE_SYSTEMD_JOURNAL_EXPORT:
      out->add_uint32(
          RecordTag::kCapturedLength,
          record.rec_header.systemd_journal_export_header.record_len);
      return;
    case REC_TYPE_CUSTOM_BLOCK:
      out->add_uint32(RecordTag::kCapturedLength,
                      record.rec_header.custom_block_header.length);
      out->add_uint32(RecordTag::kEnterpriseNumber,
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
  out.add_uint32(RecordTag::kNumber, number);
  out.add_enum(RecordTag::kType, TypeNumber(record.rec_type));
  if (Has(record, WTAP_HAS_TS)) {
    out.add_message(RecordTag::kTime, TimeMessage({record.ts, record.tsprec}));
  }
  AddHeader(record, &out);
  if (Has(record, WTAP_HAS_SECTION_NUMBER)) {
    out.add_uint32(RecordTag::kSectionIndex, record.section_number);
  }
  // Only some formats have one.
  if (record.block != nullptr) {
    if (record.rec_type == REC_TYPE_PACKET) AddOptions(record.block, &out);
    for (const std::string& comment : Comments(record.block)) {
      out.add_string(RecordTag::kComments, comment);
    }
  }
  out.add_int64(RecordTag::kFileOffset, offset);
  return message;
}

}  // namespace dissectd::engine
