// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_PUBLIC_NUMBERS_H_
#define CORE_EPAN_PUBLIC_NUMBERS_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/epan/wireshark.h"
#include "core/epan/wireshark_version.h"
#include "dissectd/v1/common.schema.h"
#include "dissectd/v1/dissection.schema.h"
#include "dissectd/v1/preference.schema.h"
#include "dissectd/v1/wiretap.schema.h"

// Maps numbers of libwireshark and wiretap to enums of dissectd.v1. The API's
// numbers are independent: the tables below map them, and a test checks that no
// number of libwireshark's is missing. Some numbers of the API have
// counterparts in later versions of Wireshark only.
namespace dissectd::engine {

template <typename Theirs, typename Ours>
struct NumberPair {
  Theirs theirs;
  Ours ours;
};

// Returns the API's number for one of libwireshark's; 0, which is UNSPECIFIED,
// if the table has none.
template <typename Theirs, typename Ours, size_t kSize>
constexpr int32_t PublicNumber(const NumberPair<Theirs, Ours> (&table)[kSize],
                               Theirs theirs) {
  for (const NumberPair<Theirs, Ours>& pair : table) {
    if (pair.theirs == theirs) return static_cast<int32_t>(pair.ours);
  }
  return 0;
}

// Returns libwireshark's number for one of the API's, which a client may have
// sent.
template <typename Theirs, typename Ours, size_t kSize>
constexpr std::optional<Theirs> FromPublicNumber(
    const NumberPair<Theirs, Ours> (&table)[kSize], int32_t number) {
  for (const NumberPair<Theirs, Ours>& pair : table) {
    if (static_cast<int32_t>(pair.ours) == number) return pair.theirs;
  }
  return std::nullopt;
}

inline constexpr NumberPair<ftenum_t, schema::FieldType> kFieldTypes[] = {
    {FT_NONE, schema::FieldType::kNone},
    {FT_PROTOCOL, schema::FieldType::kProtocol},
    {FT_BOOLEAN, schema::FieldType::kBoolean},
    {FT_CHAR, schema::FieldType::kChar},
    {FT_UINT8, schema::FieldType::kUint8},
    {FT_UINT16, schema::FieldType::kUint16},
    {FT_UINT24, schema::FieldType::kUint24},
    {FT_UINT32, schema::FieldType::kUint32},
    {FT_UINT40, schema::FieldType::kUint40},
    {FT_UINT48, schema::FieldType::kUint48},
    {FT_UINT56, schema::FieldType::kUint56},
    {FT_UINT64, schema::FieldType::kUint64},
    {FT_INT8, schema::FieldType::kInt8},
    {FT_INT16, schema::FieldType::kInt16},
    {FT_INT24, schema::FieldType::kInt24},
    {FT_INT32, schema::FieldType::kInt32},
    {FT_INT40, schema::FieldType::kInt40},
    {FT_INT48, schema::FieldType::kInt48},
    {FT_INT56, schema::FieldType::kInt56},
    {FT_INT64, schema::FieldType::kInt64},
    {FT_IEEE_11073_SFLOAT, schema::FieldType::kIeee11073Sfloat},
    {FT_IEEE_11073_FLOAT, schema::FieldType::kIeee11073Float},
    {FT_FLOAT, schema::FieldType::kFloat},
    {FT_DOUBLE, schema::FieldType::kDouble},
    {FT_ABSOLUTE_TIME, schema::FieldType::kAbsoluteTime},
    {FT_RELATIVE_TIME, schema::FieldType::kRelativeTime},
    {FT_STRING, schema::FieldType::kString},
    {FT_STRINGZ, schema::FieldType::kStringz},
    {FT_UINT_STRING, schema::FieldType::kUintString},
    {FT_ETHER, schema::FieldType::kEther},
    {FT_BYTES, schema::FieldType::kBytes},
    {FT_UINT_BYTES, schema::FieldType::kUintBytes},
    {FT_IPv4, schema::FieldType::kIpv4},
    {FT_IPv6, schema::FieldType::kIpv6},
    {FT_IPXNET, schema::FieldType::kIpxnet},
    {FT_FRAMENUM, schema::FieldType::kFramenum},
    {FT_GUID, schema::FieldType::kGuid},
    {FT_OID, schema::FieldType::kOid},
    {FT_EUI64, schema::FieldType::kEui64},
    {FT_AX25, schema::FieldType::kAx25},
    {FT_VINES, schema::FieldType::kVines},
    {FT_REL_OID, schema::FieldType::kRelOid},
    {FT_SYSTEM_ID, schema::FieldType::kSystemId},
    {FT_STRINGZPAD, schema::FieldType::kStringzpad},
    {FT_FCWWN, schema::FieldType::kFcwwn},
    {FT_STRINGZTRUNC, schema::FieldType::kStringztrunc},
};

// libwireshark's numbers are the low byte of header_field_info.display, which
// is an int: field_display_e and absolute_time_display_e.
inline constexpr NumberPair<int, schema::FieldDisplay> kFieldDisplays[] = {
    {BASE_NONE, schema::FieldDisplay::kUnspecified},
    {BASE_DEC, schema::FieldDisplay::kDec},
    {BASE_HEX, schema::FieldDisplay::kHex},
    {BASE_OCT, schema::FieldDisplay::kOct},
    {BASE_DEC_HEX, schema::FieldDisplay::kDecHex},
    {BASE_HEX_DEC, schema::FieldDisplay::kHexDec},
    {BASE_CUSTOM, schema::FieldDisplay::kCustom},
    {BASE_EXP, schema::FieldDisplay::kExp},
    {SEP_DOT, schema::FieldDisplay::kSepDot},
    {SEP_DASH, schema::FieldDisplay::kSepDash},
    {SEP_COLON, schema::FieldDisplay::kSepColon},
    {SEP_SPACE, schema::FieldDisplay::kSepSpace},
    {BASE_NETMASK, schema::FieldDisplay::kNetmask},
    {BASE_PT_UDP, schema::FieldDisplay::kPortUdp},
    {BASE_PT_TCP, schema::FieldDisplay::kPortTcp},
    {BASE_PT_DCCP, schema::FieldDisplay::kPortDccp},
    {BASE_PT_SCTP, schema::FieldDisplay::kPortSctp},
    {BASE_OUI, schema::FieldDisplay::kOui},
    {ABSOLUTE_TIME_LOCAL, schema::FieldDisplay::kTimeLocal},
    {ABSOLUTE_TIME_UTC, schema::FieldDisplay::kTimeUtc},
    {ABSOLUTE_TIME_DOY_UTC, schema::FieldDisplay::kTimeDoyUtc},
    {ABSOLUTE_TIME_NTP_UTC, schema::FieldDisplay::kTimeNtpUtc},
#if WIRESHARK_VERSION_MINOR != 0
    {ABSOLUTE_TIME_UNIX, schema::FieldDisplay::kTimeUnix},
    {BASE_STR_WSP, schema::FieldDisplay::kBlanksAsSpaces},
#endif
};

// libwireshark's are those bits of field_info.flags that PI_SEVERITY_MASK
// names.
inline constexpr NumberPair<uint32_t, schema::Severity> kSeverities[] = {
    {PI_COMMENT, schema::Severity::kComment},
    {PI_CHAT, schema::Severity::kChat},
    {PI_NOTE, schema::Severity::kNote},
    {PI_WARN, schema::Severity::kWarning},
    {PI_ERROR, schema::Severity::kError},
};

// libwireshark's are those bits of field_info.flags that PI_GROUP_MASK names.
inline constexpr NumberPair<uint32_t, schema::ExpertGroup> kExpertGroups[] = {
    {PI_CHECKSUM, schema::ExpertGroup::kChecksum},
    {PI_SEQUENCE, schema::ExpertGroup::kSequence},
    {PI_RESPONSE_CODE, schema::ExpertGroup::kResponseCode},
    {PI_REQUEST_CODE, schema::ExpertGroup::kRequestCode},
    {PI_UNDECODED, schema::ExpertGroup::kUndecoded},
    {PI_REASSEMBLE, schema::ExpertGroup::kReassemble},
    {PI_MALFORMED, schema::ExpertGroup::kMalformed},
    {PI_DEBUG, schema::ExpertGroup::kDebug},
    {PI_PROTOCOL, schema::ExpertGroup::kProtocol},
    {PI_SECURITY, schema::ExpertGroup::kSecurity},
    {PI_COMMENTS_GROUP, schema::ExpertGroup::kComments},
    {PI_DECRYPTION, schema::ExpertGroup::kDecryption},
    {PI_ASSUMPTION, schema::ExpertGroup::kAssumption},
    {PI_DEPRECATED, schema::ExpertGroup::kDeprecated},
#if WIRESHARK_VERSION_MINOR != 0
    {PI_RECEIVE, schema::ExpertGroup::kReceive},
    {PI_INTERFACE, schema::ExpertGroup::kInterface},
    {PI_DISSECTOR_BUG, schema::ExpertGroup::kDissectorBug},
#endif
};

inline constexpr NumberPair<ts_type, schema::TimestampType> kTimestampTypes[] =
    {
        {TS_RELATIVE, schema::TimestampType::kRelative},
        {TS_ABSOLUTE, schema::TimestampType::kAbsolute},
        {TS_ABSOLUTE_WITH_YMD, schema::TimestampType::kAbsoluteWithYmd},
        {TS_ABSOLUTE_WITH_YDOY, schema::TimestampType::kAbsoluteWithYdoy},
        {TS_DELTA, schema::TimestampType::kDelta},
        {TS_DELTA_DIS, schema::TimestampType::kDeltaDisplayed},
        {TS_EPOCH, schema::TimestampType::kEpoch},
        {TS_UTC, schema::TimestampType::kUtc},
        {TS_UTC_WITH_YMD, schema::TimestampType::kUtcWithYmd},
        {TS_UTC_WITH_YDOY, schema::TimestampType::kUtcWithYdoy},
};

inline constexpr NumberPair<int, schema::TimestampPrecision>
    kTimestampPrecisions[] = {
        {TS_PREC_AUTO, schema::TimestampPrecision::kAuto},
        {TS_PREC_FIXED_SEC, schema::TimestampPrecision::kSecond},
        {kTenthsOfSeconds, schema::TimestampPrecision::kDecisecond},
        {kHundredthsOfSeconds, schema::TimestampPrecision::kCentisecond},
        {TS_PREC_FIXED_MSEC, schema::TimestampPrecision::kMillisecond},
        {TS_PREC_FIXED_USEC, schema::TimestampPrecision::kMicrosecond},
        {TS_PREC_FIXED_NSEC, schema::TimestampPrecision::kNanosecond},
#if WIRESHARK_VERSION_MINOR != 0
        {TS_PREC_FIXED_100_USEC, schema::TimestampPrecision::kDecimals4},
        {TS_PREC_FIXED_10_USEC, schema::TimestampPrecision::kDecimals5},
        {TS_PREC_FIXED_100_NSEC, schema::TimestampPrecision::kDecimals7},
        {TS_PREC_FIXED_10_NSEC, schema::TimestampPrecision::kDecimals8},
#endif
};

// Whether only later versions of Wireshark have a precision of the API.
constexpr bool IsPrecisionOfLaterVersions(int32_t number) {
  constexpr auto kFirst =
      static_cast<int32_t>(schema::TimestampPrecision::kDecimals4);
  constexpr auto kLast =
      static_cast<int32_t>(schema::TimestampPrecision::kDecimals8);
  return WIRESHARK_VERSION_MINOR == 0 && number >= kFirst && number <= kLast;
}

inline constexpr NumberPair<ts_seconds_type, schema::SecondsType>
    kSecondsTypes[] = {
        {TS_SECONDS_DEFAULT, schema::SecondsType::kSeconds},
        {TS_SECONDS_HOUR_MIN_SEC, schema::SecondsType::kHourMinSec},
};

inline constexpr NumberPair<uint32_t, schema::PreferenceType>
    kPreferenceTypes[] = {
        {PREF_UINT, schema::PreferenceType::kUint},
        {PREF_BOOL, schema::PreferenceType::kBool},
        {PREF_ENUM, schema::PreferenceType::kEnum},
        {PREF_STRING, schema::PreferenceType::kString},
        {PREF_RANGE, schema::PreferenceType::kRange},
        {PREF_STATIC_TEXT, schema::PreferenceType::kStaticText},
        {PREF_UAT, schema::PreferenceType::kTable},
        {PREF_SAVE_FILENAME, schema::PreferenceType::kSaveFilename},
        {PREF_COLOR, schema::PreferenceType::kColor},
        {PREF_CUSTOM, schema::PreferenceType::kCustom},
        {PREF_DIRNAME, schema::PreferenceType::kFolder},
        {kDecodeAsUintType, schema::PreferenceType::kDecodeAsUint},
        {PREF_DECODE_AS_RANGE, schema::PreferenceType::kDecodeAsRange},
        {PREF_OPEN_FILENAME, schema::PreferenceType::kOpenFilename},
        {PREF_PASSWORD, schema::PreferenceType::kPassword},
#if WIRESHARK_VERSION_MINOR != 0
        {PREF_PROTO_TCP_SNDAMB_ENUM, schema::PreferenceType::kTcpAmbiguity},
        {PREF_DISSECTOR, schema::PreferenceType::kDissector},
#endif
};

inline constexpr NumberPair<wtap_block_type_t, schema::BlockType>
    kBlockTypes[] = {
        {WTAP_BLOCK_SECTION, schema::BlockType::kSection},
        {WTAP_BLOCK_IF_ID_AND_INFO, schema::BlockType::kInterface},
        {WTAP_BLOCK_NAME_RESOLUTION, schema::BlockType::kNameResolution},
        {WTAP_BLOCK_IF_STATISTICS, schema::BlockType::kInterfaceStatistics},
        {WTAP_BLOCK_DECRYPTION_SECRETS, schema::BlockType::kDecryptionSecrets},
        {WTAP_BLOCK_PACKET, schema::BlockType::kPacket},
        {WTAP_BLOCK_FT_SPECIFIC_REPORT, schema::BlockType::kReport},
        {WTAP_BLOCK_FT_SPECIFIC_EVENT, schema::BlockType::kEvent},
        {WTAP_BLOCK_SYSDIG_EVENT, schema::BlockType::kSysdigEvent},
        {WTAP_BLOCK_SYSTEMD_JOURNAL_EXPORT, schema::BlockType::kSystemdJournal},
        {WTAP_BLOCK_CUSTOM, schema::BlockType::kCustom},
#if WIRESHARK_VERSION_MINOR != 0
        {WTAP_BLOCK_META_EVENT, schema::BlockType::kMetaEvent},
#endif
};

inline constexpr NumberPair<option_support_t, schema::CommentSupport>
    kCommentSupports[] = {
        {OPTION_NOT_SUPPORTED, schema::CommentSupport::kUnspecified},
        {ONE_OPTION_SUPPORTED, schema::CommentSupport::kOne},
        {MULTIPLE_OPTIONS_SUPPORTED, schema::CommentSupport::kSeveral},
};

inline constexpr NumberPair<guint, schema::RecordType> kRecordTypes[] = {
    {REC_TYPE_PACKET, schema::RecordType::kPacket},
    {REC_TYPE_FT_SPECIFIC_EVENT, schema::RecordType::kFormatSpecificEvent},
    {REC_TYPE_FT_SPECIFIC_REPORT, schema::RecordType::kFormatSpecificReport},
    {REC_TYPE_SYSCALL, schema::RecordType::kSyscall},
    {REC_TYPE_SYSTEMD_JOURNAL_EXPORT,
     schema::RecordType::kSystemdJournalExport},
    {REC_TYPE_CUSTOM_BLOCK, schema::RecordType::kCustomBlock},
};

inline constexpr NumberPair<wtap_compression_type, schema::Compression>
    kCompressions[] = {
        {WTAP_UNCOMPRESSED, schema::Compression::kNone},
        {WTAP_GZIP_COMPRESSED, schema::Compression::kGzip},
        {WTAP_ZSTD_COMPRESSED, schema::Compression::kZstd},
        {WTAP_LZ4_COMPRESSED, schema::Compression::kLz4},
};

// Returns the number of a type in dissectd.v1.FieldType.
constexpr int32_t PublicFieldType(ftenum_t type) {
  return PublicNumber(kFieldTypes, type);
}

// Returns the number in dissectd.v1.FieldDisplay of a display, with or without
// flags in the bytes above.
constexpr int32_t PublicFieldDisplay(int display) {
  return PublicNumber(kFieldDisplays, static_cast<int>(FIELD_DISPLAY(display)));
}

// The number in dissectd.v1.Severity that belongs to field_info.flags.
constexpr int32_t PublicSeverity(uint32_t flags) {
  return PublicNumber(kSeverities, flags & PI_SEVERITY_MASK);
}

// The number in dissectd.v1.ExpertGroup that belongs to field_info.flags.
constexpr int32_t PublicExpertGroup(uint32_t flags) {
  return PublicNumber(kExpertGroups, flags & PI_GROUP_MASK);
}

// Returns the API's id of a field or protocol, which is never 0; 0 for -1,
// which means none.
inline uint32_t PublicId(int id) { return static_cast<uint32_t>(id + 1); }

}  // namespace dissectd::engine

#endif  // CORE_EPAN_PUBLIC_NUMBERS_H_
