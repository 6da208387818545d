// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/capture/capture_blocks.h"

#include <optional>
#include <protozero/pbf_builder.hpp>

#include "core/base/utf8.h"
#include "core/epan/handles.h"

namespace dissectd::engine {
namespace {

// Field numbers, message by message, as in proto/dissectd/v1/wiretap.proto.
enum class EncapsulationTag : protozero::pbf_tag_type {
  kNumber = 1,
  kName,
  kDescription,
};
enum class PrecisionTag : protozero::pbf_tag_type { kNumber = 1, kName };
enum class TimeTag : protozero::pbf_tag_type {
  kSeconds = 1,
  kNanos,
  kPrecision,
};
enum class SectionTag : protozero::pbf_tag_type {
  kHardware = 1,
  kOperatingSystem,
  kApplication,
  kComments,
};
enum class InterfaceTag : protozero::pbf_tag_type {
  kName = 1,
  kDescription,
  kHardware,
  kOperatingSystem,
  kEncapsulation,
  kSpeed,
  kSnapLength,
  kFcsLength,
  kTimePrecision,
  kTimeUnitsPerSecond,
  kTimeResolution,
  kTimeOffset,
  kFilter,
  kBpfLength,
  kUnknownFilterType,
  kComments,
  kStatistics,
  kPacketCount,
};
enum class StatisticsTag : protozero::pbf_tag_type {
  kStartTime = 1,
  kEndTime,
  kReceived,
  kDroppedByInterface,
  kAcceptedByFilter,
  kDroppedBySystem,
  kDelivered,
  kComments,
};

std::string Text(const char* text) {
  return text == nullptr ? std::string() : MakeValidUtf8(text);
}

// Adds a text that the block may have.
template <typename Tag>
void AddText(wtap_block_t block, guint option, Tag tag,
             protozero::pbf_builder<Tag>* out) {
  char* value = nullptr;
  if (wtap_block_get_string_option_value(block, option, &value) ==
      WTAP_OPTTYPE_SUCCESS) {
    out->add_string(tag, Text(value));
  }
}

// Adds a number that the block may have.
template <typename Tag>
void AddNumber(wtap_block_t block, guint option, Tag tag,
               protozero::pbf_builder<Tag>* out) {
  guint64 value = 0;
  if (wtap_block_get_uint64_option_value(block, option, &value) ==
      WTAP_OPTTYPE_SUCCESS) {
    out->add_uint64(tag, value);
  }
}

// Adds a number of one byte that the block may have.
template <typename Tag>
void AddByte(wtap_block_t block, guint option, Tag tag,
             protozero::pbf_builder<Tag>* out) {
  guint8 value = 0;
  if (wtap_block_get_uint8_option_value(block, option, &value) ==
      WTAP_OPTTYPE_SUCCESS) {
    out->add_uint32(tag, value);
  }
}

template <typename Tag>
void AddComments(wtap_block_t block, Tag tag,
                 protozero::pbf_builder<Tag>* out) {
  for (const std::string& comment : Comments(block)) {
    out->add_string(tag, comment);
  }
}

void AddFilter(wtap_block_t interface,
               protozero::pbf_builder<InterfaceTag>* out) {
  if_filter_opt_t filter;
  if (wtap_block_get_if_filter_option_value(interface, OPT_IDB_FILTER,
                                            &filter) != WTAP_OPTTYPE_SUCCESS) {
    return;
  }
  switch (filter.type) {
    case if_filter_pcap:
      out->add_string(InterfaceTag::kFilter, Text(filter.data.filter_str));
      break;
    case if_filter_bpf:
      out->add_uint32(InterfaceTag::kBpfLength,
                      filter.data.bpf_prog.bpf_prog_len);
      break;
    default:
      out->add_uint32(InterfaceTag::kUnknownFilterType, filter.type);
  }
}

std::string StatisticsMessage(wtap_block_t statistics) {
  std::string message;
  protozero::pbf_builder<StatisticsTag> out(message);
  AddNumber(statistics, OPT_ISB_STARTTIME, StatisticsTag::kStartTime, &out);
  AddNumber(statistics, OPT_ISB_ENDTIME, StatisticsTag::kEndTime, &out);
  AddNumber(statistics, OPT_ISB_IFRECV, StatisticsTag::kReceived, &out);
  AddNumber(statistics, OPT_ISB_IFDROP, StatisticsTag::kDroppedByInterface,
            &out);
  AddNumber(statistics, OPT_ISB_FILTERACCEPT, StatisticsTag::kAcceptedByFilter,
            &out);
  AddNumber(statistics, OPT_ISB_OSDROP, StatisticsTag::kDroppedBySystem, &out);
  AddNumber(statistics, OPT_ISB_USRDELIV, StatisticsTag::kDelivered, &out);
  AddComments(statistics, StatisticsTag::kComments, &out);
  return message;
}

// What wiretap has of every interface.
void AddMandatory(wtap_block_t interface,
                  protozero::pbf_builder<InterfaceTag>* out) {
  const auto& data = *static_cast<const wtapng_if_descr_mandatory_t*>(
      wtap_block_get_mandatory_data(interface));
  out->add_message(InterfaceTag::kEncapsulation,
                   EncapsulationMessage(data.wtap_encap));
  out->add_uint32(InterfaceTag::kSnapLength, data.snap_len);
  out->add_message(InterfaceTag::kTimePrecision,
                   PrecisionMessage(data.tsprecision));
  out->add_uint64(InterfaceTag::kTimeUnitsPerSecond,
                  data.time_units_per_second);
  for (guint i = 0; i < data.num_stat_entries; ++i) {
    out->add_message(InterfaceTag::kStatistics,
                     StatisticsMessage(g_array_index(data.interface_statistics,
                                                     wtap_block_t, i)));
  }
}

}  // namespace

std::vector<wtap_block_t> InterfaceBlocks(wtap* file) {
  const std::unique_ptr<wtapng_iface_descriptions_t, GFreeDeleter> info(
      wtap_file_get_idb_info(file));
  std::vector<wtap_block_t> blocks(info->interface_data->len);
  for (guint i = 0; i < info->interface_data->len; ++i) {
    blocks[i] = g_array_index(info->interface_data, wtap_block_t, i);
  }
  return blocks;
}

std::vector<std::string> Comments(wtap_block_t block) {
  std::vector<std::string> comments;
  char* comment = nullptr;
  while (wtap_block_get_nth_string_option_value(
             block, OPT_COMMENT, static_cast<guint>(comments.size()),
             &comment) == WTAP_OPTTYPE_SUCCESS) {
    comments.push_back(Text(comment));
  }
  return comments;
}

std::string SectionMessage(wtap_block_t section) {
  std::string message;
  if (section == nullptr) return message;
  protozero::pbf_builder<SectionTag> out(message);
  AddText(section, OPT_SHB_HARDWARE, SectionTag::kHardware, &out);
  AddText(section, OPT_SHB_OS, SectionTag::kOperatingSystem, &out);
  AddText(section, OPT_SHB_USERAPPL, SectionTag::kApplication, &out);
  AddComments(section, SectionTag::kComments, &out);
  return message;
}

std::string InterfaceMessage(wtap_block_t interface, uint32_t packets) {
  std::string message;
  protozero::pbf_builder<InterfaceTag> out(message);
  AddText(interface, OPT_IDB_NAME, InterfaceTag::kName, &out);
  AddText(interface, OPT_IDB_DESCRIPTION, InterfaceTag::kDescription, &out);
  AddText(interface, OPT_IDB_HARDWARE, InterfaceTag::kHardware, &out);
  AddText(interface, OPT_IDB_OS, InterfaceTag::kOperatingSystem, &out);
  AddMandatory(interface, &out);
  AddNumber(interface, OPT_IDB_SPEED, InterfaceTag::kSpeed, &out);
  AddByte(interface, OPT_IDB_FCSLEN, InterfaceTag::kFcsLength, &out);
  AddByte(interface, OPT_IDB_TSRESOL, InterfaceTag::kTimeResolution, &out);
  gint64 offset = 0;
  if (wtap_block_get_int64_option_value(interface, OPT_IDB_TSOFFSET, &offset) ==
      WTAP_OPTTYPE_SUCCESS) {
    out.add_sint64(InterfaceTag::kTimeOffset, offset);
  }
  AddFilter(interface, &out);
  AddComments(interface, InterfaceTag::kComments, &out);
  out.add_uint32(InterfaceTag::kPacketCount, packets);
  return message;
}

std::string EncapsulationMessage(int encapsulation) {
  std::string message;
  protozero::pbf_builder<EncapsulationTag> out(message);
  out.add_sint32(EncapsulationTag::kNumber, encapsulation);
  out.add_string(EncapsulationTag::kName, Text(wtap_encap_name(encapsulation)));
  out.add_string(EncapsulationTag::kDescription,
                 Text(wtap_encap_description(encapsulation)));
  return message;
}

std::string PrecisionMessage(int precision) {
  std::string message;
  protozero::pbf_builder<PrecisionTag> out(message);
  out.add_sint32(PrecisionTag::kNumber, precision);
  out.add_string(PrecisionTag::kName, Text(wtap_tsprec_string(precision)));
  return message;
}

std::string TimeMessage(const RecordTime& time) {
  std::string message;
  protozero::pbf_builder<TimeTag> out(message);
  out.add_int64(TimeTag::kSeconds, time.time.secs);
  out.add_int32(TimeTag::kNanos, time.time.nsecs);
  out.add_sint32(TimeTag::kPrecision, time.precision);
  return message;
}

}  // namespace dissectd::engine
