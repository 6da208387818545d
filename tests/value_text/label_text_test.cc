// SPDX-License-Identifier: GPL-2.0-or-later

// Compares the labels that clients receive or derive with libwireshark's own,
// for all registered fields of the types whose labels can be derived.

#include "clients/cpp/label_text.h"

#include <epan/epan.h>
#include <gtest/gtest.h>
#include <wsutil/privileges.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cpp/field_table.h"
#include "clients/cpp/frame_view.h"
#include "clients/cpp/output_buffer.h"
#include "core/encode/data_sources.h"
#include "core/encode/field_dictionary.h"
#include "core/encode/node_list_encoder.h"
#include "core/encode/tree_walk.h"
#include "core/epan/epan.h"
#include "core/epan/wireshark_version.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::cli {
namespace {

struct Counts {
  int derived = 0;
  int sent = 0;
};

void ForEachField(const std::function<void(header_field_info*)>& visit) {
  void* protocol_cookie = nullptr;
  for (int protocol = proto_get_first_protocol(&protocol_cookie);
       protocol != -1; protocol = proto_get_next_protocol(&protocol_cookie)) {
    void* cookie = nullptr;
    for (header_field_info* field =
             proto_get_first_protocol_field(protocol, &cookie);
         field != nullptr;
         field = proto_get_next_protocol_field(protocol, &cookie)) {
      visit(field);
    }
  }
}

void SetNumber(fvalue_t* value, ftenum_t type, uint32_t number) {
  const auto as_signed = static_cast<int32_t>(number);
  if (type == FT_BOOLEAN || type == FT_UINT64) {
    engine::SetUint64(value, number);
  } else if (type == FT_INT64) {
    engine::SetInt64(value, as_signed);
  } else if (engine::IsSignedType(type)) {
    engine::SetInt32(value, as_signed);
  } else {
    engine::SetUint32(value, number);
  }
}

// Encodes single nodes as a worker does, and reads them as a client does.
class LabelTest : public ::testing::Test {
 protected:
  LabelTest()
      : memory_(engine::DefinedFields::MemoryBytes()),
        defined_(absl::MakeSpan(memory_)),
        sources_(view_),
        encoder_(&tables_, &definitions_),
        batch_(&fields_),
        frame_(&batch_) {}

  // Expects libwireshark's label of the field with this value.
  void Check(header_field_info* field, fvalue_t* value, Counts* counts) {
    field_info node = {};
    node.hfinfo = field;
    engine::LendValue(value, &node);
    char expected[ITEM_LABEL_LENGTH];
    proto_item_fill_label(&node, expected);
    // Checks twice, as the second label may come from a cache.
    for (int round = 0; round < 2; ++round) {
      EXPECT_EQ(LabelOf(&node, counts), expected) << field->abbrev;
    }
  }

  // Expects the label that a dissector has set.
  void CheckCustom(header_field_info* field, uint32_t value,
                   const std::string& label, Counts* counts) {
    item_label_t representation = {};
    label.copy(representation.representation, ITEM_LABEL_LENGTH - 1);
    field_info node = {};
    node.hfinfo = field;
    fvalue_t* const number =
        fvalue_from_literal(field->type, "0", FALSE, nullptr);
    ASSERT_NE(number, nullptr);
    engine::SetUint32(number, value);
    engine::LendValue(number, &node);
    node.rep = &representation;
    EXPECT_EQ(LabelOf(&node, counts), label);
    EXPECT_TRUE(frame_.node(0).HasCustomLabel()) << label;
  }

  std::string LabelOf(field_info* info, Counts* counts) {
    tables_.Clear();
    engine::TreeNode node;
    node.info = info;
    encoder_.AddTreeNode(node, sources_, /*with_label=*/true);
    std::string frame_bytes;
    encoder_.MoveTo(schema::Frame::kTree, &frame_bytes);
    std::string tables;
    defined_.AppendNew(definitions_.TakeUsed(), &tables);
    absl::StrAppend(
        &tables, tables_.strings.strings(), tables_.strings.raw_strings(),
        tables_.byte_strings.strings(), tables_.templates.encoded());
    EXPECT_TRUE(message_.ParseFromString(tables));
    EXPECT_TRUE(frame_message_.ParseFromString(frame_bytes));
    fields_.Add(message_);
    batch_.Reset(message_);
    frame_.Reset(frame_message_);
    const Node& sent = frame_.node(0);
    const bool derived = sent.label_form == v1::LABEL_FORM_DERIVED;
    ++(derived ? counts->derived : counts->sent);
    return std::string(LabelText(sent, &scratch_));
  }

  engine::NodeTables tables_;
  engine::FieldDictionary definitions_;
  std::vector<uint8_t> memory_;
  engine::DefinedFields defined_;
  const engine::View view_;
  const engine::DataSources sources_;
  engine::NodeListEncoder encoder_;
  FieldTable fields_;
  v1::FrameBatch message_;
  v1::Frame frame_message_;
  BatchView batch_;
  FrameView frame_;
  OutputBuffer scratch_;
};

// Covers labels that begin like the derived one, or almost like it.
TEST_F(LabelTest, AgreesForLabelsOfDissectors) {
  Counts counts;
  // Each field has an id of its own, as encoder and client remember fields.
  int field_count = 0;
  constexpr int kDisplays[] = {BASE_DEC,
                               BASE_HEX,
                               BASE_DEC_HEX,
                               BASE_HEX_DEC,
                               BASE_DEC | BASE_UNIT_STRING,
                               BASE_OCT};
  for (const int display : kDisplays) {
    for (const ftenum_t type : {FT_UINT8, FT_UINT16, FT_UINT24, FT_UINT32}) {
      header_field_info field = {};
      field.name = "Length";
      field.abbrev = "test.length";
      field.type = type;
      field.display = display;
      field.id = field_count++;
      field.parent = -1;
      for (const uint32_t value : {0u, 18u, 255u, 256u, 0xffffffffu}) {
        for (const std::string& number :
             {absl::StrCat(value), absl::StrCat("0x", absl::Hex(value)),
              absl::StrCat("0x", absl::Hex(value, absl::kZeroPad4)),
              absl::StrCat(value, " (0x", absl::Hex(value, absl::kZeroPad2),
                           ")")}) {
          for (const char* suffix : {"", " bytes", "0", " \xff", ": "}) {
            for (const char* name : {"Length: ", "Length:", "Other: ", ""}) {
              CheckCustom(&field, value, absl::StrCat(name, number, suffix),
                          &counts);
            }
          }
        }
      }
    }
  }
  EXPECT_GT(counts.derived, 100);
  EXPECT_GT(counts.sent, 1000);
}

// Combines every field of a type with every value of the type's literals.
TEST_F(LabelTest, AgreesForAllFieldsOfOtherTypes) {
  const std::vector<std::string> texts = {"",
                                          "text",
                                          "a \"quoted\" text",
                                          "back\\slash",
                                          "tab\tand\nline",
                                          "\xc3\xa4\xe2\x82\xac",
                                          "\xff\xfe",
                                          "\x7f",
                                          std::string(150, 'a'),
                                          std::string(200, 'b'),
                                          std::string(230, 'c'),
                                          std::string(238, 'd'),
                                          std::string(400, 'e')};
  std::map<ftenum_t, std::vector<fvalue_t*>> values;
  const auto add = [&values](ftenum_t type, const std::string& literal) {
    fvalue_t* value =
        fvalue_from_literal(type, literal.c_str(), FALSE, nullptr);
    ASSERT_NE(value, nullptr) << literal;
    values[type].push_back(value);
  };
  for (const ftenum_t type : {FT_STRING, FT_STRINGZ, FT_STRINGZPAD,
                              FT_STRINGZTRUNC, FT_UINT_STRING}) {
    for (const std::string& text : texts) add(type, text);
  }
  for (const char* time :
       {"0", "1.5", "-1.5", "-0.25", "0.000000001", "1234567890.123456789"}) {
    add(FT_RELATIVE_TIME, time);
  }
  // These times can't be written as literals.
  for (const nstime_t& time :
       {nstime_t{1, -1}, nstime_t{-1, 1}, nstime_t{0, -999'999'999},
        nstime_t{3, 1'000'000'000}, nstime_t{999'999'999'999, 999'999'999},
        nstime_t{-999'999'999'999, -1}, nstime_t{INT64_MAX, 0},
        nstime_t{INT64_MIN, 0}, nstime_t{0, INT32_MAX},
        nstime_t{0, INT32_MIN}}) {
    add(FT_RELATIVE_TIME, "0");
    engine::SetTime(values[FT_RELATIVE_TIME].back(), time);
  }
  for (const char* address : {"0.0.0.0", "192.0.2.1", "255.255.255.255"}) {
    add(FT_IPv4, address);
  }
  for (const char* address :
       {"::", "::1", "2001:db8::1", "2001:db8:0:1:0:0:0:1", "::ffff:192.0.2.1",
        "fe80::1:2:3:4", "1:2:3:4:5:6:7:8"}) {
    add(FT_IPv6, address);
  }
  for (const char* address :
       {"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "00:00:0c:01:02:03",
        "01:80:c2:00:00:00", "02:42:ac:11:00:02"}) {
    add(FT_ETHER, address);
  }
  Counts counts;
  for (auto& [type, list] : values) {
    ForEachField(
        [this, type = type, &list = list, &counts](header_field_info* field) {
          if (field->type != type) return;
          for (fvalue_t* value : list) Check(field, value, &counts);
        });
  }
  // Both kinds of labels must be common.
  EXPECT_GT(counts.derived, 100'000);
  EXPECT_GT(counts.sent, 100'000);
}

TEST_F(LabelTest, AgreesForAllIntegerFields) {
  // One value of each type, whose number is changed for each check.
  std::map<ftenum_t, fvalue_t*> values;
  for (const ftenum_t type :
       {FT_BOOLEAN, FT_CHAR, FT_UINT8, FT_UINT16, FT_UINT24, FT_UINT32,
        FT_UINT64, FT_INT8, FT_INT16, FT_INT24, FT_INT32, FT_INT64}) {
    values[type] = fvalue_from_literal(type, "1", FALSE, nullptr);
    ASSERT_NE(values[type], nullptr);
  }
  Counts counts;
  ForEachField([this, &values, &counts](header_field_info* field) {
    const auto found = values.find(field->type);
    if (found == values.end()) return;
    // A dissector's formatting function may need state that only the dissector
    // sets up.
    if (field->type != FT_BOOLEAN &&
        FIELD_DISPLAY(field->display) == BASE_CUSTOM) {
      return;
    }
    for (const uint32_t number : {0, 1, 200, 0x6da0000}) {
      SetNumber(found->second, field->type, number);
      Check(field, found->second, &counts);
    }
  });
  // Both kinds of labels must be common.
  EXPECT_GT(counts.derived, 100'000);
  EXPECT_GT(counts.sent, 100'000);
}

}  // namespace
}  // namespace dissectd::cli

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  init_process_policies();
  wtap_init(FALSE);
  if (!epan_init(nullptr, nullptr, FALSE)) return 1;
  // Resolves addresses to names.
  dissectd::engine::Epan epan;
  epan.Open();
  return RUN_ALL_TESTS();
}
