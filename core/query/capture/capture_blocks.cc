// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/capture/capture_blocks.h"

#include <optional>
#include <protozero/pbf_builder.hpp>

#include "absl/strings/string_view.h"
#include "core/epan/handles.h"
#include "core/query/public_text.h"
#include "dissectd/v1/common.schema.h"
#include "dissectd/v1/wiretap.schema.h"

namespace dissectd::engine {
namespace {

absl::string_view NullToEmpty(const char* text) {
  return text == nullptr ? absl::string_view() : text;
}

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
  protozero::pbf_builder<schema::FileInterfaceStatistics> out(message);
  TextFields texts(schema::FileInterfaceStatistics::kRawFields, &out);
  AddNumber(statistics, OPT_ISB_STARTTIME,
            schema::FileInterfaceStatistics::kStartTime, &out);
  AddNumber(statistics, OPT_ISB_ENDTIME,
            schema::FileInterfaceStatistics::kEndTime, &out);
  AddNumber(statistics, OPT_ISB_IFRECV,
            schema::FileInterfaceStatistics::kReceived, &out);
  AddNumber(statistics, OPT_ISB_IFDROP,
            schema::FileInterfaceStatistics::kDroppedByInterface, &out);
  AddNumber(statistics, OPT_ISB_FILTERACCEPT,
            schema::FileInterfaceStatistics::kAcceptedByFilter, &out);
  AddNumber(statistics, OPT_ISB_OSDROP,
            schema::FileInterfaceStatistics::kDroppedBySystem, &out);
  AddNumber(statistics, OPT_ISB_USRDELIV,
            schema::FileInterfaceStatistics::kDelivered, &out);
  AddComments(statistics, schema::FileInterfaceStatistics::kComments, &texts);
  return message;
}

// Adds the members that wiretap has for every interface.
void AddMandatory(wtap_block_t interface,
                  protozero::pbf_builder<schema::FileInterface>* out) {
  const auto& data = *static_cast<const wtapng_if_descr_mandatory_t*>(
      wtap_block_get_mandatory_data(interface));
  out->add_message(schema::FileInterface::kEncapsulation,
                   EncapsulationMessage(data.wtap_encap));
  out->add_uint32(schema::FileInterface::kSnapshotLength, data.snap_len);
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
  protozero::pbf_builder<schema::Encapsulation> out(message);
  out.add_sint32(schema::Encapsulation::kNumber, encapsulation);
  out.add_string(schema::Encapsulation::kName,
                 PublicText(wtap_encap_name(encapsulation)));
  out.add_string(schema::Encapsulation::kDescription,
                 PublicText(wtap_encap_description(encapsulation)));
  return message;
}

std::string PrecisionMessage(int precision) {
  std::string message;
  protozero::pbf_builder<schema::TimePrecision> out(message);
  if (precision >= 0) {
    out.add_uint32(schema::TimePrecision::kDecimals,
                   static_cast<uint32_t>(precision));
  }
  out.add_bool(schema::TimePrecision::kPerRecord,
               precision == WTAP_TSPREC_PER_PACKET);
  out.add_string(schema::TimePrecision::kName,
                 PublicText(wtap_tsprec_string(precision)));
  return message;
}

std::string TimeMessage(const nstime_t& time) {
  std::string message;
  protozero::pbf_builder<schema::TimeValue> out(message);
  out.add_sint64(schema::TimeValue::kSeconds, time.secs);
  out.add_sint32(schema::TimeValue::kNanos, time.nsecs);
  return message;
}

}  // namespace dissectd::engine
