// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/glossary_fields.h"

#include <cinttypes>
#include <cstdio>
#include <map>
#include <string>

#include "clients/cli/glossary_types.h"
#include "clients/cli/registry_stream.h"
#include "dissectd/v1/registry.pb.h"

namespace dissectd::cli {
namespace {

using ChannelPtr = std::shared_ptr<grpc::Channel>;

bool IsInteger(v1::FieldType type) {
  return type >= v1::FIELD_TYPE_CHAR && type <= v1::FIELD_TYPE_INT64;
}

std::string Base(const v1::Field& field) {
  if (field.type() == v1::FIELD_TYPE_BOOLEAN) {
    return std::to_string(field.display_bits());
  }
  return IsInteger(field.type()) ? DisplayName(field.display()) : "";
}

// tshark distinguishes an empty description from a missing one.
std::string Blurb(const v1::Field& field) {
  return field.has_description() && field.description().empty()
             ? "\"\""
             : field.description();
}

void PrintProtocol(const v1::Protocol& protocol) {
  std::printf("P\t%s\t%s\n", protocol.name().c_str(),
              protocol.filter_name().c_str());
}

void PrintField(const v1::Field& field, const std::string& type_name) {
  // tshark prints one field for each name.
  if (field.previous_same_name_id() != 0) return;
  std::printf("F\t%s\t%s\t%s\t%s\t%s\t0x%" PRIx64 "\t%s\n",
              field.display_name().c_str(), field.name().c_str(),
              type_name.c_str(), field.protocol().c_str(), Base(field).c_str(),
              field.bitmask(), Blurb(field).c_str());
}

const char* LookupName(v1::ValueLookup lookup) {
  switch (lookup) {
    case v1::VALUE_LOOKUP_DIRECT:
      return "[Direct (indexed) Access]";
    case v1::VALUE_LOOKUP_BINARY:
      return "[Binary Search]";
    default:
      return "[Linear Search]";
  }
}

// Formats the number of a value as tshark does, which also considers the
// display flags.
std::string ValueNumber(const v1::Field& field, uint64_t value) {
  const bool is_hex =
      field.display() == v1::FIELD_DISPLAY_HEX && field.display_flags() == 0;
  const auto number = static_cast<unsigned int>(value);
  constexpr unsigned int kFirstPrintable = ' ';
  constexpr unsigned int kLastPrintable = '~';
  const char* format = is_hex ? "0x%x" : "%u";
  if (field.type() == v1::FIELD_TYPE_CHAR) {
    const bool is_printable =
        number >= kFirstPrintable && number <= kLastPrintable;
    format = is_printable ? "'%c'" : is_hex ? "'\\x%02x'" : "'\\%03o'";
  }
  char text[32];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

void PrintValue(const v1::Field& field, const v1::NamedValue& value) {
  const char* name = field.name().c_str();
  const char* text = value.name().c_str();
  switch (field.named_value_kind()) {
    case v1::NAMED_VALUE_KIND_VALUES:
      std::printf("V\t%s\t%s\t%s\n", name,
                  ValueNumber(field, value.value()).c_str(), text);
      break;
    case v1::NAMED_VALUE_KIND_VALUES64:
      std::printf("V64\t%s\t%" PRIu64 "\t%s\n", name, value.value(), text);
      break;
    case v1::NAMED_VALUE_KIND_RANGES:
      std::printf(field.display() == v1::FIELD_DISPLAY_HEX
                      ? "R\t%s\t0x%" PRIx64 "\t0x%" PRIx64 "\t%s\n"
                      : "R\t%s\t%" PRIu64 "\t%" PRIu64 "\t%s\n",
                  name, value.value(), value.last_value(), text);
      break;
    default:
      break;
  }
}

void PrintFieldValues(const v1::Field& field,
                      const v1::FieldNamedValues& values, bool is_first) {
  const char* name = field.name().c_str();
  const auto text_at = [&values](int index) {
    return values.named_values(index).name().c_str();
  };
  switch (field.named_value_kind()) {
    case v1::NAMED_VALUE_KIND_TRUE_FALSE:
      std::printf("T\t%s\t%s\t%s\n", name, text_at(0), text_at(1));
      return;
    case v1::NAMED_VALUE_KIND_UNIT:
      std::printf("U\t%s\t%s\t%s\n", name, text_at(0),
                  values.named_values_size() > 1 ? text_at(1) : "(no plural)");
      return;
    case v1::NAMED_VALUE_KIND_VALUES:
      // tshark prints no such line for 64-bit value lists.
      if (is_first && field.has_extended()) {
        const v1::ExtendedNamedValues& extended = field.extended();
        std::printf("E\t%s\t%" PRIu32 "\t%s\t%s\n", name, extended.count(),
                    extended.name().c_str(), LookupName(extended.lookup()));
      }
      break;
    default:
      break;
  }
  for (const v1::NamedValue& value : values.named_values()) {
    PrintValue(field, value);
  }
}

}  // namespace

grpc::Status PrintFields(const ChannelPtr& channel) {
  TypeNames type_names;
  const grpc::Status status = GetTypeNames(channel, &type_names);
  if (!status.ok()) return status;
  // Protocols arrive first; tshark prints them among the fields, ordered by
  // number.
  std::map<uint32_t, v1::Protocol> protocols;
  const auto print_protocols_before = [&protocols](uint32_t id) {
    while (!protocols.empty() && protocols.begin()->first < id) {
      PrintProtocol(protocols.begin()->second);
      protocols.erase(protocols.begin());
    }
  };
  const grpc::Status end =
      ReadRegistry(channel, NamedValues::kLeaveOut,
                   [&](const v1::ReadRegistryResponse& batch) {
                     for (const v1::Protocol& protocol : batch.protocols()) {
                       protocols.emplace(protocol.registry_id(), protocol);
                     }
                     for (const v1::Field& field : batch.fields()) {
                       print_protocols_before(field.registry_id());
                       PrintField(field, type_names[field.type()]);
                     }
                   });
  print_protocols_before(UINT32_MAX);
  return end;
}

grpc::Status PrintValues(const ChannelPtr& channel) {
  // Values follow their field, possibly in a later message.
  std::map<uint32_t, v1::Field> fields;
  uint32_t last = 0;
  return ReadRegistry(
      channel, NamedValues::kInclude,
      [&](const v1::ReadRegistryResponse& batch) {
        for (const v1::Field& field : batch.fields()) {
          fields.emplace(field.registry_id(), field);
        }
        for (const v1::FieldNamedValues& values : batch.named_values()) {
          const uint32_t id = values.registry_id();
          PrintFieldValues(fields[id], values, id != last);
          last = id;
          fields.erase(fields.begin(), fields.find(id));
        }
      });
}

}  // namespace dissectd::cli
