// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/registry/timestamp_types.h"

#include <cstdint>
#include <optional>
#include <protozero/pbf_builder.hpp>
#include <string>

namespace dissectd::engine {
namespace {

// Field numbers, as in proto/dissectd/v1/registry.proto.
enum class ResponseTag : protozero::pbf_tag_type {
  kTypes = 1,
  kPrecisions,
  kSecondsTypes,
};
enum class TypeTag : protozero::pbf_tag_type { kType = 1, kName, kLetters };
enum class PrecisionTag : protozero::pbf_tag_type {
  kPrecision = 1,
  kName,
  kDecimals,
};

// libwireshark has numbers for them, and tshark the letters: both have no list.
struct Type {
  const char* name;
  const char* letters;
};
struct Precision {
  const char* name;
  std::optional<uint32_t> decimals;
};

// Each in the order of its enumeration in libwireshark, and in
// dissectd.v1 after UNSPECIFIED.
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
    {"TS_PREC_FIXED_DSEC", 1},      {"TS_PREC_FIXED_CSEC", 2},
    {"TS_PREC_FIXED_MSEC", 3},      {"TS_PREC_FIXED_USEC", 6},
    {"TS_PREC_FIXED_NSEC", 9},
};
constexpr Type kSecondsTypes[] = {
    {"TS_SECONDS_DEFAULT", "s"},
    {"TS_SECONDS_HOUR_MIN_SEC", "hms"},
};

std::string TypeMessage(int32_t number, const Type& type) {
  std::string message;
  protozero::pbf_builder<TypeTag> out(message);
  out.add_enum(TypeTag::kType, number);
  out.add_string(TypeTag::kName, type.name);
  out.add_string(TypeTag::kLetters, type.letters);
  return message;
}

std::string PrecisionMessage(int32_t number, const Precision& precision) {
  std::string message;
  protozero::pbf_builder<PrecisionTag> out(message);
  out.add_enum(PrecisionTag::kPrecision, number);
  out.add_string(PrecisionTag::kName, precision.name);
  if (precision.decimals.has_value()) {
    out.add_uint32(PrecisionTag::kDecimals, *precision.decimals);
  }
  return message;
}

}  // namespace

absl::Status ListTimestampTypes(const QueryContext&, absl::string_view,
                                SendResponse send) {
  std::string response;
  protozero::pbf_builder<ResponseTag> out(response);
  int32_t number = 0;
  for (const Type& type : kTypes) {
    out.add_message(ResponseTag::kTypes, TypeMessage(++number, type));
  }
  number = 0;
  for (const Precision& precision : kPrecisions) {
    out.add_message(ResponseTag::kPrecisions,
                    PrecisionMessage(++number, precision));
  }
  number = 0;
  for (const Type& type : kSecondsTypes) {
    out.add_message(ResponseTag::kSecondsTypes, TypeMessage(++number, type));
  }
  return send(response);
}

}  // namespace dissectd::engine
