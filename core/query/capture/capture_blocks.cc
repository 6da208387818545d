// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/capture/capture_blocks.h"

#include <optional>
#include <protozero/pbf_builder.hpp>

#include "absl/strings/string_view.h"
#include "core/base/utf8.h"
#include "core/epan/handles.h"
#include "dissectd/v1/wiretap.schema.h"

namespace dissectd::engine {
namespace {

absl::string_view NullToEmpty(const char* text) {
  return text == nullptr ? absl::string_view() : text;
}

std::string Text(const char* text) { return MakeValidUtf8(NullToEmpty(text)); }

// Adds a text option if the block has it.
template <typename Tag>
void AddText(wtap_block_t block, guint option, Tag tag, absl::string_view name,
             TextFields<Tag>* texts) {
  char* value = nullptr;
  if (wtap_block_get_string_option_value(block, option, &value) ==
      WTAP_OPTTYPE_SUCCESS) {
    texts->Add(tag, name, NullToEmpty(value));
  }
}

// Adds a number option if the block has it.
template <typename Tag>
void AddNumber(wtap_block_t block, guint option, Tag tag,
               protozero::pbf_builder<Tag>* out) {
  guint64 value = 0;
  if (wtap_block_get_uint64_option_value(block, option, &value) ==
      WTAP_OPTTYPE_SUCCESS) {
    out->add_uint64(tag, value);
  }
}

// Adds a one-byte number option if the block has it.
template <typename Tag>
void AddByte(wtap_block_t block, guint option, Tag tag,
             protozero::pbf_builder<Tag>* out) {
  guint8 value = 0;
  if (wtap_block_get_uint8_option_value(block, option, &value) ==
      WTAP_OPTTYPE_SUCCESS) {
    out->add_uint32(tag, value);
  }
}

void AddFilter(wtap_block_t interface, TextFields<schema::FileInterface>* texts,
               protozero::pbf_builder<schema::FileInterface>* out) {
  if_filter_opt_t filter;
  if (wtap_block_get_if_filter_option_value(interface, OPT_IDB_FILTER,
                                            &filter) != WTAP_OPTTYPE_SUCCESS) {
    return;
  }
  switch (filter.type) {
    case if_filter_pcap:
      texts->Add(schema::FileInterface::kFilter, "filter",
                 NullToEmpty(filter.data.filter_str));
      break;
    case if_filter_bpf:
      out->add_uint32(schema::FileInterface::kBpfLength,
                      filter.data.bpf_prog.bpf_prog_len);
      break;
    default:
      out->add_uint32(schema::FileInterface::kUnknownFilterType, filter.type);
  }
}

std::string StatisticsMessage(wtap_block_t statistics) {
  std::string message;
  protozero::pbf_builder<schema::InterfaceStatisticsBlock> out(message);
  TextFields texts(schema::InterfaceStatisticsBlock::kRawFields, &out);
  AddNumber(statistics, OPT_ISB_STARTTIME,
            schema::InterfaceStatisticsBlock::kStartTime, &out);
  AddNumber(statistics, OPT_ISB_ENDTIME,
            schema::InterfaceStatisticsBlock::kEndTime, &out);
  AddNumber(statistics, OPT_ISB_IFRECV,
            schema::InterfaceStatisticsBlock::kReceived, &out);
  AddNumber(statistics, OPT_ISB_IFDROP,
            schema::InterfaceStatisticsBlock::kDroppedByInterface, &out);
  AddNumber(statistics, OPT_ISB_FILTERACCEPT,
            schema::InterfaceStatisticsBlock::kAcceptedByFilter, &out);
  AddNumber(statistics, OPT_ISB_OSDROP,
            schema::InterfaceStatisticsBlock::kDroppedBySystem, &out);
  AddNumber(statistics, OPT_ISB_USRDELIV,
            schema::InterfaceStatisticsBlock::kDelivered, &out);
  AddComments(statistics, schema::InterfaceStatisticsBlock::kComments, &texts);
  return message;
}

// The members that wiretap knows of every interface.
void AddMandatory(wtap_block_t interface,
                  protozero::pbf_builder<schema::FileInterface>* out) {
  const auto& data = *static_cast<const wtapng_if_descr_mandatory_t*>(
      wtap_block_get_mandatory_data(interface));
  out->add_message(schema::FileInterface::kEncapsulation,
                   EncapsulationMessage(data.wtap_encap));
  out->add_uint32(schema::FileInterface::kSnapLength, data.snap_len);
  out->add_message(schema::FileInterface::kTimePrecision,
                   PrecisionMessage(data.tsprecision));
  out->add_uint64(schema::FileInterface::kTimeUnitsPerSecond,
                  data.time_units_per_second);
  for (guint i = 0; i < data.num_stat_entries; ++i) {
    out->add_message(schema::FileInterface::kStatistics,
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

std::string SectionMessage(wtap_block_t section) {
  std::string message;
  if (section == nullptr) return message;
  protozero::pbf_builder<schema::FileSection> out(message);
  TextFields texts(schema::FileSection::kRawFields, &out);
  AddText(section, OPT_SHB_HARDWARE, schema::FileSection::kHardware, "hardware",
          &texts);
  AddText(section, OPT_SHB_OS, schema::FileSection::kOperatingSystem,
          "operating_system", &texts);
  AddText(section, OPT_SHB_USERAPPL, schema::FileSection::kApplication,
          "application", &texts);
  AddComments(section, schema::FileSection::kComments, &texts);
  return message;
}

std::string InterfaceMessage(wtap_block_t interface, uint32_t packets) {
  std::string message;
  protozero::pbf_builder<schema::FileInterface> out(message);
  TextFields texts(schema::FileInterface::kRawFields, &out);
  AddText(interface, OPT_IDB_NAME, schema::FileInterface::kName, "name",
          &texts);
  AddText(interface, OPT_IDB_DESCRIPTION, schema::FileInterface::kDescription,
          "description", &texts);
  AddText(interface, OPT_IDB_HARDWARE, schema::FileInterface::kHardware,
          "hardware", &texts);
  AddText(interface, OPT_IDB_OS, schema::FileInterface::kOperatingSystem,
          "operating_system", &texts);
  AddMandatory(interface, &out);
  AddNumber(interface, OPT_IDB_SPEED, schema::FileInterface::kSpeed, &out);
  AddByte(interface, OPT_IDB_FCSLEN, schema::FileInterface::kFcsLength, &out);
  AddByte(interface, OPT_IDB_TSRESOL, schema::FileInterface::kTimeResolution,
          &out);
  gint64 offset = 0;
  if (wtap_block_get_int64_option_value(interface, OPT_IDB_TSOFFSET, &offset) ==
      WTAP_OPTTYPE_SUCCESS) {
    out.add_sint64(schema::FileInterface::kTimeOffset, offset);
  }
  AddFilter(interface, &texts, &out);
  AddComments(interface, schema::FileInterface::kComments, &texts);
  out.add_uint32(schema::FileInterface::kPacketCount, packets);
  return message;
}

std::string EncapsulationMessage(int encapsulation) {
  std::string message;
  protozero::pbf_builder<schema::FileEncapsulation> out(message);
  out.add_sint32(schema::FileEncapsulation::kNumber, encapsulation);
  out.add_string(schema::FileEncapsulation::kName,
                 Text(wtap_encap_name(encapsulation)));
  out.add_string(schema::FileEncapsulation::kDescription,
                 Text(wtap_encap_description(encapsulation)));
  return message;
}

std::string PrecisionMessage(int precision) {
  std::string message;
  protozero::pbf_builder<schema::TimePrecision> out(message);
  out.add_sint32(schema::TimePrecision::kNumber, precision);
  out.add_string(schema::TimePrecision::kName,
                 Text(wtap_tsprec_string(precision)));
  return message;
}

std::string TimeMessage(const RecordTime& time) {
  std::string message;
  protozero::pbf_builder<schema::FileTime> out(message);
  out.add_int64(schema::FileTime::kSeconds, time.time.secs);
  out.add_int32(schema::FileTime::kNanos, time.time.nsecs);
  out.add_sint32(schema::FileTime::kPrecision, time.precision);
  return message;
}

}  // namespace dissectd::engine
