// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/public_numbers.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "core/epan/library.h"
#include "dissectd/v1/common.pb.h"
#include "dissectd/v1/dissection.pb.h"
#include "dissectd/v1/preference.pb.h"
#include "dissectd/v1/wiretap.pb.h"

namespace dissectd::engine {
namespace {

// The values of the API's enums that Wireshark 4.0 has no counterparts of.
const std::set<std::string>& ValuesOfLaterVersions() {
  static const auto& values = *new std::set<std::string>{
      "FIELD_DISPLAY_TIME_UNIX",        "FIELD_DISPLAY_BLANKS_AS_SPACES",
      "EXPERT_GROUP_RECEIVE",           "EXPERT_GROUP_INTERFACE",
      "EXPERT_GROUP_DISSECTOR_BUG",     "TIMESTAMP_PRECISION_DECIMALS_4",
      "TIMESTAMP_PRECISION_DECIMALS_5", "TIMESTAMP_PRECISION_DECIMALS_7",
      "TIMESTAMP_PRECISION_DECIMALS_8", "PREFERENCE_TYPE_TCP_AMBIGUITY",
      "PREFERENCE_TYPE_DISSECTOR",      "BLOCK_TYPE_META_EVENT",
  };
  return values;
}

// Whether the Wireshark that this is built with has a counterpart of a value.
bool HasCounterpart(const std::string& value) {
  return WIRESHARK_VERSION_MINOR != 0 ||
         ValuesOfLaterVersions().count(value) == 0;
}

// Checks that a table has each number once on both sides, and all values of the
// API's enum that this Wireshark has, except UNSPECIFIED if it has no
// counterpart.
template <typename Theirs, typename Ours, size_t kSize>
void ExpectComplete(const NumberPair<Theirs, Ours> (&table)[kSize],
                    const google::protobuf::EnumDescriptor* descriptor) {
  std::set<Theirs> theirs;
  std::set<int> ours;
  for (const NumberPair<Theirs, Ours>& pair : table) {
    const auto number = static_cast<int>(pair.ours);
    EXPECT_TRUE(theirs.insert(pair.theirs).second) << pair.theirs;
    EXPECT_TRUE(ours.insert(number).second) << number;
    EXPECT_EQ(PublicNumber(table, pair.theirs), number);
    EXPECT_EQ(FromPublicNumber(table, number), pair.theirs);
  }
  for (int i = 0; i < descriptor->value_count(); ++i) {
    const int number = descriptor->value(i)->number();
    const std::string& name = descriptor->value(i)->name();
    if (number == 0) continue;
    EXPECT_EQ(ours.count(number) == 1, HasCounterpart(name)) << name;
  }
  EXPECT_EQ(FromPublicNumber(table, -1), std::nullopt);
  EXPECT_EQ(FromPublicNumber(table, 10'000), std::nullopt);
}

TEST(PublicNumbersTest, TablesAreComplete) {
  ExpectComplete(kFieldTypes, v1::FieldType_descriptor());
  ExpectComplete(kFieldDisplays, v1::FieldDisplay_descriptor());
  ExpectComplete(kSeverities, v1::Severity_descriptor());
  ExpectComplete(kExpertGroups, v1::ExpertGroup_descriptor());
  ExpectComplete(kTimestampTypes, v1::TimestampType_descriptor());
  ExpectComplete(kTimestampPrecisions, v1::TimestampPrecision_descriptor());
  ExpectComplete(kSecondsTypes, v1::SecondsType_descriptor());
  ExpectComplete(kPreferenceTypes, v1::PreferenceType_descriptor());
  ExpectComplete(kBlockTypes, v1::BlockType_descriptor());
  ExpectComplete(kCommentSupports, v1::CommentSupport_descriptor());
  ExpectComplete(kRecordTypes, v1::RecordType_descriptor());
  ExpectComplete(kCompressions, v1::Compression_descriptor());
}

// Checks that a table has all numbers from `first` to before `end`.
template <typename Theirs, typename Ours, size_t kSize>
void ExpectNoneMissing(const NumberPair<Theirs, Ours> (&table)[kSize],
                       int first, int end) {
  ASSERT_LT(first, end);
  for (int number = first; number < end; ++number) {
    EXPECT_NE(PublicNumber(table, static_cast<Theirs>(number)), 0) << number;
  }
}

#if WIRESHARK_VERSION_MINOR == 0
constexpr int kEndOfDisplays = ABSOLUTE_TIME_NTP_UTC + 1;
constexpr uint32_t kLastPreferenceType = PREF_PASSWORD;
#else
constexpr int kEndOfDisplays = BASE_STR_WSP + 1;
constexpr uint32_t kLastPreferenceType = PREF_DISSECTOR;
#endif

TEST(PublicNumbersTest, NoNumberOfLibwiresharksIsMissing) {
  ExpectNoneMissing(kFieldTypes, FT_NONE, FT_NUM_TYPES);
  ExpectNoneMissing(kFieldDisplays, BASE_NONE + 1, kEndOfDisplays);
  ExpectNoneMissing(kTimestampTypes, TS_RELATIVE, TS_NOT_SET);
  ExpectNoneMissing(kSecondsTypes, TS_SECONDS_DEFAULT, TS_SECONDS_NOT_SET);
  ExpectNoneMissing(kBlockTypes, WTAP_BLOCK_SECTION, MAX_WTAP_BLOCK_TYPE_VALUE);
  ExpectNoneMissing(kRecordTypes, REC_TYPE_PACKET, REC_TYPE_CUSTOM_BLOCK + 1);
}

// libwireshark's preference types are bits.
TEST(PublicNumbersTest, NoPreferenceTypeIsMissing) {
  for (uint32_t type = PREF_UINT; type <= kLastPreferenceType; type <<= 1) {
    // This is a flag, which a preference has besides its type.
    if (type == PREF_OBSOLETE) continue;
    EXPECT_NE(PublicNumber(kPreferenceTypes, type), 0) << type;
  }
}

#if WIRESHARK_VERSION_MINOR == 0

// Names all enumerators, so that it doesn't compile with a libwireshark that
// has more.
bool IsPrecision(ts_precision precision) {
  switch (precision) {
    case TS_PREC_AUTO:
    case TS_PREC_FIXED_SEC:
    case TS_PREC_FIXED_DSEC:
    case TS_PREC_FIXED_CSEC:
    case TS_PREC_FIXED_MSEC:
    case TS_PREC_FIXED_USEC:
    case TS_PREC_FIXED_NSEC:
      return true;
  }
  return false;
}

TEST(PublicNumbersTest, NoTimestampPrecisionIsMissing) {
  int end = TS_PREC_AUTO;
  while (IsPrecision(static_cast<ts_precision>(end))) ++end;
  ExpectNoneMissing(kTimestampPrecisions, TS_PREC_AUTO, end);
}

#else

TEST(PublicNumbersTest, NoTimestampPrecisionIsMissing) {
  ExpectNoneMissing(kTimestampPrecisions, TS_PREC_AUTO, TS_PREC_FIXED_NSEC + 1);
}

#endif

// Names all enumerators, so that it doesn't compile with a libwireshark that
// has more.
bool IsOptionSupport(option_support_t support) {
  switch (support) {
    case OPTION_NOT_SUPPORTED:
    case ONE_OPTION_SUPPORTED:
    case MULTIPLE_OPTIONS_SUPPORTED:
      return true;
  }
  return false;
}

// Formats without comments have UNSPECIFIED, which is 0.
TEST(PublicNumbersTest, NoCommentSupportIsMissing) {
  EXPECT_EQ(PublicNumber(kCommentSupports, OPTION_NOT_SUPPORTED),
            v1::COMMENT_SUPPORT_UNSPECIFIED);
  int end = ONE_OPTION_SUPPORTED;
  while (IsOptionSupport(static_cast<option_support_t>(end))) ++end;
  ExpectNoneMissing(kCommentSupports, ONE_OPTION_SUPPORTED, end);
}

TEST(PublicNumbersTest, CompressionsAreThoseThatWiretapDescribes) {
  EXPECT_EQ(PublicNumber(kCompressions, WTAP_UNCOMPRESSED),
            v1::COMPRESSION_NONE);
  int type = WTAP_UNCOMPRESSED + 1;
  while (const char* description = wtap_compression_type_description(
             static_cast<wtap_compression_type>(type))) {
    const int32_t ours =
        PublicNumber(kCompressions, static_cast<wtap_compression_type>(type));
    // wiretap says `gzip compressed`.
    EXPECT_EQ(
        absl::AsciiStrToUpper(absl::StripSuffix(description, " compressed")),
        absl::StripPrefix(
            v1::Compression_Name(static_cast<v1::Compression>(ours)),
            "COMPRESSION_"));
    ++type;
  }
  EXPECT_EQ(static_cast<size_t>(type), std::size(kCompressions));
}

// Calls `visit` with each number that libwireshark has a name for, and the name
// as enums of the API write it.
template <typename Visit>
void VisitNames(const value_string* names, Visit visit) {
  int count = 0;
  for (; names->strptr != nullptr; ++names, ++count) {
    visit(names->value, absl::AsciiStrToUpper(names->strptr));
  }
  EXPECT_GT(count, 4);
}

TEST(PublicNumbersTest, SeveritiesAreThoseThatLibwiresharkNames) {
  VisitNames(expert_severity_vals, [](uint32_t theirs,
                                      const std::string& name) {
    // libwireshark's 0 is none, which it calls OK.
    const std::string expected = theirs == 0 ? "UNSPECIFIED" : name;
    EXPECT_EQ(
        v1::Severity_Name(static_cast<v1::Severity>(PublicSeverity(theirs))),
        "SEVERITY_" + expected);
  });
}

TEST(PublicNumbersTest, ExpertGroupsAreThoseThatLibwiresharkNames) {
  VisitNames(expert_group_vals, [](uint32_t theirs, const std::string& name) {
    const std::string ours = v1::ExpertGroup_Name(
        static_cast<v1::ExpertGroup>(PublicExpertGroup(theirs)));
    // Some are shorter there: `Response`, `Request`, `Comment`.
    EXPECT_TRUE(absl::StartsWith(
        ours, "EXPERT_GROUP_" + absl::StrReplaceAll(name, {{" ", "_"}})))
        << ours << " for " << name;
  });
}

TEST(PublicNumbersTest, ExpertInfoIsTakenFromTheFlagsOfANode) {
  constexpr uint32_t kFlags = FI_GENERATED | PI_REASSEMBLE | PI_WARN;
  EXPECT_EQ(PublicSeverity(kFlags), v1::SEVERITY_WARNING);
  EXPECT_EQ(PublicExpertGroup(kFlags), v1::EXPERT_GROUP_REASSEMBLE);
  EXPECT_EQ(PublicSeverity(FI_GENERATED), v1::SEVERITY_UNSPECIFIED);
  EXPECT_EQ(PublicExpertGroup(FI_GENERATED), v1::EXPERT_GROUP_UNSPECIFIED);
}

class FieldTypeNamesTest : public ::testing::Test {
 protected:
  // Registers the types whose names are compared.
  static void SetUpTestSuite() { ASSERT_TRUE(InitLibrary("test").ok()); }
};

TEST_F(FieldTypeNamesTest, AreLibwiresharks) {
  for (const auto& [theirs, ours] : kFieldTypes) {
    const std::string name =
        absl::AsciiStrToUpper(absl::StripPrefix(ftype_name(theirs), "FT_"));
    EXPECT_EQ(v1::FieldType_Name(static_cast<v1::FieldType>(ours)),
              "FIELD_TYPE_" + name);
  }
}

TEST(PublicNumbersTest, DisplaysAreTakenWithoutFlags) {
  EXPECT_EQ(PublicFieldDisplay(BASE_HEX_DEC | BASE_UNIT_STRING),
            v1::FIELD_DISPLAY_HEX_DEC);
}

}  // namespace
}  // namespace dissectd::engine
