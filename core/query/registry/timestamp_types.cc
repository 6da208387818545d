// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/registry/timestamp_types.h"

#include <cstdint>
#include <optional>
#include <protozero/pbf_builder.hpp>
#include <string>

#include "core/epan/wireshark_version.h"
#include "dissectd/v1/registry.schema.h"

namespace dissectd::engine {
namespace {

// libwireshark has numbers for these types, and tshark has letters, but neither
// has a list.
struct Type {
  const char* name;
  const char* letters;
};
struct Precision {
  const char* name;
  std::optional<uint32_t> decimals;
};

// Each list is in the order of dissectd.v1 after UNSPECIFIED. That is the order
// of libwireshark's enumeration, before what only later versions have.
constexpr Type kTypes[] = {
    {"TS_RELATIVE", "r"},
    {"TS_ABSOLUTE", "a"},
    {"TS_ABSOLUTE_WITH_YMD", "ad"},
    {"TS_ABSOLUTE_WITH_YDOY", "adoy"},
    {"TS_DELTA", "d"},
    {"TS_DELTA_DIS", "dd"},
    {"TS_EPOCH", "e"},
    {"TS_UTC", "u"},
    {"TS_UTC_WITH_YMD", "ud"},
    {"TS_UTC_WITH_YDOY", "udoy"},
};
constexpr Precision kPrecisions[] = {
    {"TS_PREC_AUTO", std::nullopt}, {"TS_PREC_FIXED_SEC", 0},
    {kTenthsOfSecondsName, 1},      {kHundredthsOfSecondsName, 2},
    {"TS_PREC_FIXED_MSEC", 3},      {"TS_PREC_FIXED_USEC", 6},
    {"TS_PREC_FIXED_NSEC", 9},
#if WIRESHARK_VERSION_MINOR != 0
    {"TS_PREC_FIXED_100_USEC", 4},  {"TS_PREC_FIXED_10_USEC", 5},
    {"TS_PREC_FIXED_100_NSEC", 7},  {"TS_PREC_FIXED_10_NSEC", 8},
#endif
};
constexpr Type kSecondsTypes[] = {
    {"TS_SECONDS_DEFAULT", "s"},
    {"TS_SECONDS_HOUR_MIN_SEC", "hms"},
};

std::string TypeMessage(int32_t number, const Type& type) {
  std::string message;
  protozero::pbf_builder<schema::TimestampTypeInfo> out(message);
  out.add_enum(schema::TimestampTypeInfo::kType, number);
  out.add_string(schema::TimestampTypeInfo::kName, type.name);
  out.add_string(schema::TimestampTypeInfo::kLetters, type.letters);
  return message;
}

std::string PrecisionMessage(int32_t number, const Precision& precision) {
  std::string message;
  protozero::pbf_builder<schema::TimestampPrecisionInfo> out(message);
  out.add_enum(schema::TimestampPrecisionInfo::kPrecision, number);
  out.add_string(schema::TimestampPrecisionInfo::kName, precision.name);
  if (precision.decimals.has_value()) {
    out.add_uint32(schema::TimestampPrecisionInfo::kDecimals,
                   *precision.decimals);
  }
  return message;
}

}  // namespace

absl::Status ListTimestampTypes(const QueryContext&, absl::string_view,
                                SendResponse send) {
  std::string response;
  protozero::pbf_builder<schema::ListTimestampTypesResponse> out(response);
  int32_t number = 0;
  for (const Type& type : kTypes) {
    out.add_message(schema::ListTimestampTypesResponse::kTypes,
                    TypeMessage(++number, type));
  }
  number = 0;
  for (const Precision& precision : kPrecisions) {
    out.add_message(schema::ListTimestampTypesResponse::kPrecisions,
                    PrecisionMessage(++number, precision));
  }
  number = 0;
  for (const Type& type : kSecondsTypes) {
    out.add_message(schema::ListTimestampTypesResponse::kSecondsTypes,
                    TypeMessage(++number, type));
  }
  return send(response);
}

}  // namespace dissectd::engine
