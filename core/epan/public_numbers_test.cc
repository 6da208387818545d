// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/public_numbers.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "core/epan/library.h"
#include "dissectd/v1/common.pb.h"
#include "dissectd/v1/dissection.pb.h"
#include "dissectd/v1/preference.pb.h"
#include "dissectd/v1/wiretap.pb.h"

namespace dissectd::engine {
namespace {

// Checks that a table has each number once on both sides, and all values of the
// API's enum, except UNSPECIFIED if it has no counterpart.
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
    EXPECT_TRUE(number == 0 || ours.count(number) == 1)
        << descriptor->value(i)->name();
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

TEST(PublicNumbersTest, NoNumberOfLibwiresharksIsMissing) {
  for (int type = 0; type < FT_NUM_TYPES; ++type) {
    EXPECT_NE(PublicFieldType(static_cast<ftenum_t>(type)), 0) << type;
  }
  for (int display = BASE_NONE + 1; display <= ABSOLUTE_TIME_NTP_UTC;
       ++display) {
    EXPECT_NE(PublicFieldDisplay(display), 0) << display;
  }
  for (int block = 0; block < MAX_WTAP_BLOCK_TYPE_VALUE; ++block) {
    EXPECT_NE(PublicNumber(kBlockTypes, static_cast<wtap_block_type_t>(block)),
              0)
        << block;
  }
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
    EXPECT_TRUE(absl::StartsWith(ours, "EXPERT_GROUP_" + name))
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
