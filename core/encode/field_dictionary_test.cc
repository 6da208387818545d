// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/field_dictionary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <climits>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "core/epan/library.h"
#include "dissectd/v1/common.pb.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::Field Defined(const header_field_info& field) {
  std::vector<uint8_t> memory(DefinedFields::MemoryBytes());
  DefinedFields defined(absl::MakeSpan(memory));
  std::string bytes;
  defined.AppendNew({&field}, &bytes);
  v1::FrameBatch batch;
  EXPECT_TRUE(batch.ParseFromString(bytes));
  EXPECT_EQ(batch.fields_size(), 1);
  EXPECT_EQ(batch.fields(0).id(), PublicId(field.id));
  return batch.fields(0).field();
}

header_field_info Field(ftenum_t type, int display) {
  header_field_info field = {};
  field.name = "A Name";
  field.abbrev = "a.name";
  field.type = type;
  field.display = display;
  field.id = 7;
  field.parent = -1;
  return field;
}

class FieldDictionaryTest : public ::testing::Test {
 protected:
  // Registers the types whose names are compared.
  static void SetUpTestSuite() { ASSERT_TRUE(InitLibrary("test").ok()); }
};

TEST_F(FieldDictionaryTest, PublicTypesHaveTheNamesOfLibwiresharks) {
  for (int type = 0; type < FT_NUM_TYPES; ++type) {
    const auto ftype = static_cast<ftenum_t>(type);
    const v1::Field definition = Defined(Field(ftype, BASE_NONE));
    const std::string name =
        absl::AsciiStrToUpper(absl::StripPrefix(ftype_name(ftype), "FT_"));
    EXPECT_EQ(v1::FieldType_Name(definition.type()), "FIELD_TYPE_" + name);
    EXPECT_EQ(definition.type_number(), static_cast<uint32_t>(type));
  }
}

TEST_F(FieldDictionaryTest, SplitsDisplayIntoWayAndFlags) {
  const v1::Field definition =
      Defined(Field(FT_UINT16, BASE_HEX_DEC | BASE_UNIT_STRING));
  EXPECT_EQ(definition.display(), v1::FIELD_DISPLAY_HEX_DEC);
  EXPECT_EQ(definition.display_flags(), 0x1000u);
  EXPECT_EQ(definition.display_bits(), 0u);
}

TEST_F(FieldDictionaryTest, TakesABooleansDisplayAsItsWidth) {
  header_field_info field = Field(FT_BOOLEAN, 16);
  field.bitmask = 0x0100;
  const v1::Field definition = Defined(field);
  EXPECT_EQ(definition.display(), v1::FIELD_DISPLAY_UNSPECIFIED);
  EXPECT_EQ(definition.display_bits(), 16u);
  EXPECT_EQ(definition.bitmask(), 0x0100u);
}

TEST_F(FieldDictionaryTest, TellsWhatEachBatchUses) {
  header_field_info first = Field(FT_UINT8, BASE_DEC);
  header_field_info second = Field(FT_UINT8, BASE_DEC);
  second.id = 100'000;
  FieldDictionary dictionary;
  EXPECT_EQ(dictionary.IdOf(&second), 100'001u);
  EXPECT_EQ(dictionary.IdOf(&first), 8u);
  EXPECT_EQ(dictionary.IdOf(&second), 100'001u);
  EXPECT_THAT(dictionary.TakeUsed(), ElementsAre(&second, &first));
  EXPECT_EQ(dictionary.IdOf(&first), 8u);
  EXPECT_THAT(dictionary.TakeUsed(), ElementsAre(&first));
  EXPECT_THAT(dictionary.TakeUsed(), IsEmpty());
}

TEST_F(FieldDictionaryTest, DefinesEachFieldOnce) {
  const header_field_info field = Field(FT_UINT8, BASE_DEC);
  std::vector<uint8_t> memory(DefinedFields::MemoryBytes());
  std::string bytes;
  DefinedFields(absl::MakeSpan(memory)).AppendNew({&field}, &bytes);
  EXPECT_FALSE(bytes.empty());
  bytes.clear();
  // Another process that shares the memory.
  DefinedFields(absl::MakeSpan(memory)).AppendNew({&field}, &bytes);
  EXPECT_TRUE(bytes.empty());
}

TEST_F(FieldDictionaryTest, HasAPlaceForEveryField) {
  EXPECT_GT(DefinedFields::MemoryBytes() * CHAR_BIT, 230'000u);
}

}  // namespace
}  // namespace dissectd::engine
