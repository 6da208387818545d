// SPDX-License-Identifier: GPL-2.0-or-later

// Holds the labels that clients get or derive against libwireshark's own, for
// all registered fields of the types that matter.

#include "clients/cli/format/label_text.h"

#include <epan/epan.h>
#include <gtest/gtest.h>
#include <wsutil/privileges.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/format/field_table.h"
#include "clients/cli/format/frame_view.h"
#include "clients/cli/format/output_buffer.h"
#include "core/encode/field_dictionary.h"
#include "core/encode/node_encoder.h"
#include "core/encode/string_table.h"
#include "core/epan/epan.h"

namespace dissectd::cli {
namespace {

using engine::DefinedFields;
using engine::FieldDictionary;
using engine::NodeContext;
using engine::NodeEncoder;
using engine::StringTable;

struct Counts {
  int plain = 0;
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

// Encodes single nodes as a worker does, and reads them as a client does.
class LabelTest : public ::testing::Test {
 protected:
  LabelTest()
      : memory_(DefinedFields::MemoryBytes()),
        defined_(absl::MakeSpan(memory_)),
        encoder_(&strings_, &definitions_),
        batch_(&fields_) {}

  // Expects libwireshark's label of the field with this value.
  void Check(header_field_info* field, const fvalue_t& value, Counts* counts) {
    field_info node = {};
    node.hfinfo = field;
    node.value = value;
    char expected[ITEM_LABEL_LENGTH];
    proto_item_fill_label(&node, expected);
    // Twice, as the second label may come from memory.
    for (int round = 0; round < 2; ++round) {
      EXPECT_EQ(LabelOf(&node, counts), expected) << field->abbrev;
    }
  }

  std::string LabelOf(field_info* node, Counts* counts) {
    strings_.Clear();
    NodeContext context;
    context.label = true;
    std::string frame_bytes;
    encoder_.Append(schema::Frame::kTree, node, context, &frame_bytes);
    std::string tables;
    defined_.AppendNew(definitions_.TakeUsed(), &tables);
    absl::StrAppend(&tables, strings_.strings(), strings_.raw_strings());
    v1::Frame frame;
    EXPECT_TRUE(message_.ParseFromString(tables));
    EXPECT_TRUE(frame.ParseFromString(frame_bytes));
    fields_.Add(message_);
    batch_.Reset(message_);
    const v1::Node& sent = frame.tree(0);
    const bool plain = (sent.flags() & v1::NODE_FLAG_PLAIN_LABEL) != 0;
    EXPECT_EQ(plain, sent.label() == 0);
    ++(plain ? counts->plain : counts->sent);
    return std::string(
        LabelText(batch_.FieldOf(sent), sent, batch_, &scratch_));
  }

  StringTable strings_;
  FieldDictionary definitions_;
  std::vector<uint8_t> memory_;
  DefinedFields defined_;
  NodeEncoder encoder_;
  FieldTable fields_;
  v1::FrameBatch message_;
  BatchView batch_;
  OutputBuffer scratch_;
};

// Every field of a type, with every value that the literals stand for.
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
  // What no text stands for.
  for (const nstime_t& time :
       {nstime_t{1, -1}, nstime_t{-1, 1}, nstime_t{0, -999'999'999},
        nstime_t{3, 1'000'000'000}, nstime_t{999'999'999'999, 999'999'999},
        nstime_t{-999'999'999'999, -1}, nstime_t{INT64_MAX, 0},
        nstime_t{INT64_MIN, 0}, nstime_t{0, INT32_MAX},
        nstime_t{0, INT32_MIN}}) {
    add(FT_RELATIVE_TIME, "0");
    values[FT_RELATIVE_TIME].back()->value.time = time;
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
          for (const fvalue_t* value : list) Check(field, *value, &counts);
        });
  }
  // Neither way is for a few fields only.
  EXPECT_GT(counts.plain, 100'000);
  EXPECT_GT(counts.sent, 100'000);
}

TEST_F(LabelTest, AgreesForAllIntegerFields) {
  // A value of each type, to be given other numbers.
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
    // A routine of a dissector may expect what only that sets up.
    if (field->type != FT_BOOLEAN &&
        FIELD_DISPLAY(field->display) == BASE_CUSTOM) {
      return;
    }
    fvalue_t value = *found->second;
    for (const uint64_t number : {0, 1, 200, 0x6da0000}) {
      value.value.uinteger64 = number;
      Check(field, value, &counts);
    }
  });
  // Neither way is for a few fields only.
  EXPECT_GT(counts.plain, 100'000);
  EXPECT_GT(counts.sent, 100'000);
}

}  // namespace
}  // namespace dissectd::cli

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  init_process_policies();
  wtap_init(FALSE);
  if (!epan_init(nullptr, nullptr, FALSE)) return 1;
  // With the names that addresses have.
  dissectd::engine::Epan epan;
  epan.Open();
  return RUN_ALL_TESTS();
}
