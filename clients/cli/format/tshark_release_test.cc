// SPDX-License-Identifier: Apache-2.0

// Checks what is printed for engines of different releases. What is expected
// here is what those releases' tshark prints for such frames.

#include "clients/cli/format/tshark_release.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/cli/format/column_fields.h"
#include "clients/cli/format/ek_formatter.h"
#include "clients/cli/format/fields_formatter.h"
#include "clients/cli/format/formatter.h"
#include "clients/cli/format/hash_order.h"
#include "clients/cli/format/json_formatter.h"
#include "clients/cli/format/pdml_formatter.h"
#include "clients/cpp/frame_decoder.h"
#include "clients/cpp/output_buffer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dissectd::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kEarlier[] = "4.0.17";
constexpr char kLater[] = "4.4.19";

v1::StreamHeader HeaderOf(const std::string& version) {
  v1::StreamHeader header;
  header.set_wireshark_version(version);
  const auto add = [&header](const char* title, const char* format) {
    v1::ColumnDefinition* const column = header.add_columns();
    column->set_title(title);
    column->set_format(format);
  };
  add("No.", "%m");
  add("What", "%i");
  return header;
}

// Makes a batch with one frame: its nodes, and the texts of its columns.
class Batch {
 public:
  Batch() {
    frame_ = batch_.add_frames();
    frame_->set_number(1);
    for (const char* text : {"1", "Hello"}) {
      frame_->add_column_indexes(batch_.strings_size());
      batch_.add_strings(text);
    }
  }

  void AddNode(const std::string& name, v1::FieldType type, uint32_t depth,
               uint64_t value = 0, int32_t nanos = 0) {
    v1::NodeTemplate* const node = AddTemplate(name, type, depth);
    v1::NodeList* const tree = frame_->mutable_tree();
    switch (type) {
      case v1::FIELD_TYPE_BOOLEAN:
      case v1::FIELD_TYPE_UINT64:
        node->set_value_kind(v1::VALUE_KIND_UINT64);
        tree->add_uint64_values(value);
        break;
      case v1::FIELD_TYPE_UINT32:
        node->set_value_kind(v1::VALUE_KIND_UINT32);
        tree->add_uint32_values(static_cast<uint32_t>(value));
        break;
      case v1::FIELD_TYPE_ABSOLUTE_TIME:
        node->set_value_kind(v1::VALUE_KIND_TIME);
        tree->add_time_seconds(static_cast<int64_t>(value));
        tree->add_time_nanos(nanos);
        break;
      default:
        break;
    }
  }

  // The nodes are a tree, or selected fields.
  void SelectFields() {
    frame_->mutable_fields()->Swap(frame_->mutable_tree());
  }

  // Returns what the formatter writes for the frame.
  std::string Write(const std::string& version, Formatter* formatter,
                    OutputBuffer* out) const {
    formatter->Begin(HeaderOf(version));
    FrameDecoder decoder;
    for (const FrameView& frame : decoder.Decode(batch_)) {
      formatter->WriteFrame(frame);
    }
    formatter->End();
    return std::string(out->view());
  }

 private:
  v1::NodeTemplate* AddTemplate(const std::string& name, v1::FieldType type,
                                uint32_t depth) {
    v1::FieldDefinition* const definition = batch_.add_fields();
    const uint32_t id = batch_.fields_size();
    definition->set_id(id);
    v1::Field* const field = definition->mutable_field();
    field->set_name(name);
    field->set_type(type);
    if (type == v1::FIELD_TYPE_ABSOLUTE_TIME) {
      field->set_display(v1::FIELD_DISPLAY_TIME_UNIX);
    }
    if (type == v1::FIELD_TYPE_UINT64) {
      field->set_display(v1::FIELD_DISPLAY_HEX);
      field->set_display_flags(0x100);
    }
    if (type != v1::FIELD_TYPE_PROTOCOL) field->set_protocol("ip");
    frame_->mutable_tree()->add_template_indexes(batch_.node_templates_size());
    v1::NodeTemplate* const node = batch_.add_node_templates();
    node->set_field_id(id);
    node->set_depth(depth);
    return node;
  }

  v1::FrameBatch batch_;
  v1::Frame* frame_;
};

Batch FrameWithFlags() {
  Batch batch;
  batch.AddNode("ip", v1::FIELD_TYPE_PROTOCOL, 0);
  batch.AddNode("ip.version", v1::FIELD_TYPE_UINT32, 1, 4);
  batch.AddNode("ip.flags", v1::FIELD_TYPE_UINT32, 1, 2);
  batch.AddNode("ip.flags.df", v1::FIELD_TYPE_BOOLEAN, 2, 1);
  batch.AddNode("ip.ttl", v1::FIELD_TYPE_UINT32, 1, 64);
  return batch;
}

std::string Pdml(const Batch& batch, const std::string& version) {
  OutputBuffer out;
  PdmlFormatter formatter(PdmlStyle(), &out);
  return batch.Write(version, &formatter, &out);
}

std::string Json(const Batch& batch, const std::string& version) {
  OutputBuffer out;
  JsonFormatter formatter(JsonStyle(), &out);
  return batch.Write(version, &formatter, &out);
}

std::string Ek(const Batch& batch, const std::string& version) {
  OutputBuffer out;
  EkFormatter formatter(EkStyle(), &out);
  return batch.Write(version, &formatter, &out);
}

std::string Fields(const std::vector<std::string>& names,
                   const std::string& version) {
  Batch batch = FrameWithFlags();
  batch.SelectFields();
  FieldsStyle style;
  style.header = true;
  style.separator = '|';
  OutputBuffer out;
  FieldsFormatter formatter(names, style, &out);
  return batch.Write(version, &formatter, &out);
}

TEST(TsharkReleaseTest, IsThatOfTheVersion) {
  EXPECT_FALSE(TsharkReleaseOf("4.0.17").columns_are_fields);
  EXPECT_FALSE(TsharkReleaseOf("4.2.9").columns_are_fields);
  EXPECT_TRUE(TsharkReleaseOf("4.4.0").columns_are_fields);
  EXPECT_TRUE(TsharkReleaseOf("4.10.1rc1").columns_are_fields);
  EXPECT_TRUE(TsharkReleaseOf("5.0").columns_are_fields);
}

TEST(TsharkReleaseTest, IsTheFirstOneIfTheVersionIsUnreadable) {
  for (const char* version : {"", "4", "x.y", "4."}) {
    EXPECT_FALSE(TsharkReleaseOf(version).columns_are_fields) << version;
  }
}

TEST(TsharkReleaseTest, ExitStatusesTellFilesFromFilters) {
  EXPECT_EQ(TsharkReleaseOf(kEarlier).unreadable_capture_status, 2);
  EXPECT_EQ(TsharkReleaseOf(kEarlier).wrong_filter_status, 2);
  EXPECT_EQ(TsharkReleaseOf(kLater).unreadable_capture_status, 3);
  EXPECT_EQ(TsharkReleaseOf(kLater).wrong_filter_status, 4);
}

TEST(TsharkReleaseTest, PdmlSaysWhereItsStyleSheetIs) {
  EXPECT_THAT(
      Pdml(Batch(), kEarlier),
      HasSubstr("<!-- You can find pdml2html.xsl in /usr/share/wireshark or at "
                "https://gitlab.com/wireshark/wireshark/-/raw/master/"
                "pdml2html.xsl. -->\n"));
  EXPECT_THAT(
      Pdml(Batch(), kLater),
      HasSubstr(
          "<!-- You can find pdml2html.xsl in /usr/share/doc/wireshark or at "
          "https://gitlab.com/wireshark/wireshark/-/tree/master/resources/"
          "share/doc/wireshark/pdml2html.xsl. -->\n"));
}

TEST(TsharkReleaseTest, BooleansAreNumbersOrWords) {
  const Batch batch = FrameWithFlags();
  EXPECT_THAT(Pdml(batch, kEarlier), HasSubstr("pos=\"0\" show=\"1\"/>"));
  EXPECT_THAT(Pdml(batch, kLater), HasSubstr("pos=\"0\" show=\"True\"/>"));
  EXPECT_EQ(Fields({"ip.flags.df"}, kEarlier), "ip.flags.df\n1\n");
  EXPECT_EQ(Fields({"ip.flags.df"}, kLater), "ip.flags.df\nTrue\n");
  EXPECT_EQ(Json(batch, kEarlier), Json(batch, kLater));
  EXPECT_THAT(Json(batch, kLater), HasSubstr("\"ip.flags.df\": \"1\""));
}

TEST(TsharkReleaseTest, LongIntegersWithNamesAreDecimalOrHexadecimal) {
  Batch batch;
  batch.AddNode("quic", v1::FIELD_TYPE_PROTOCOL, 0);
  batch.AddNode("quic.frame_type", v1::FIELD_TYPE_UINT64, 1, 6);
  EXPECT_THAT(Pdml(batch, kEarlier), HasSubstr("show=\"6\""));
  EXPECT_THAT(Pdml(batch, kLater), HasSubstr("show=\"0x0000000000000006\""));
  EXPECT_THAT(Json(batch, kEarlier), HasSubstr("\"quic.frame_type\": \"6\""));
  EXPECT_THAT(Json(batch, kLater),
              HasSubstr("\"quic.frame_type\": \"0x0000000000000006\""));
  EXPECT_THAT(Ek(batch, kLater), HasSubstr("\"0x0000000000000006\""));
}

TEST(TsharkReleaseTest, EkHasTheOrderOfTheTreeOrOfAHashTable) {
  const Batch batch = FrameWithFlags();
  EXPECT_THAT(Ek(batch, kEarlier),
              HasSubstr("{\"ip\":{\"ip_ip_version\":\"4\",\"ip_ip_flags\":"
                        "\"2\",\"ip_ip_flags_df\":true,\"ip_ip_ttl\":\"64\"}"));
  EXPECT_THAT(Ek(batch, kLater),
              HasSubstr("{\"ip\":{\"ip_ip_version\":\"4\",\"ip_ip_flags\":"
                        "\"2\",\"ip_ip_ttl\":\"64\",\"ip_ip_flags_df\":true}"));
}

TEST(TsharkReleaseTest, EkCollectsNodesOfDifferentParents) {
  Batch batch;
  batch.AddNode("ip", v1::FIELD_TYPE_PROTOCOL, 0);
  batch.AddNode("ip.a", v1::FIELD_TYPE_UINT32, 1, 1);
  batch.AddNode("ip.b", v1::FIELD_TYPE_UINT32, 2, 2);
  batch.AddNode("ip.b", v1::FIELD_TYPE_UINT32, 1, 3);
  EXPECT_THAT(Ek(batch, kEarlier),
              HasSubstr("\"ip_ip_b\":\"2\",\"ip_ip_b\":\"3\""));
  EXPECT_THAT(Ek(batch, kLater), HasSubstr("\"ip_ip_b\":[\"2\",\"3\"]"));
}

TEST(TsharkReleaseTest, TimesCanBeSecondsInAllFormatsButEk) {
  Batch batch;
  batch.AddNode("frame", v1::FIELD_TYPE_PROTOCOL, 0);
  batch.AddNode("frame.time_epoch", v1::FIELD_TYPE_ABSOLUTE_TIME, 1,
                1795503610);
  EXPECT_THAT(Json(batch, kLater),
              HasSubstr("\"frame.time_epoch\": \"1795503610.000000000\""));
  EXPECT_THAT(Pdml(batch, kLater), HasSubstr("show=\"1795503610.000000000\""));
  EXPECT_THAT(Ek(batch, kLater),
              HasSubstr("\"2026-11-24T07:00:10.000000000Z\""));
}

TEST(TsharkReleaseTest, EkTruncatesTimesWithTooManyNanoseconds) {
  Batch batch;
  batch.AddNode("frame", v1::FIELD_TYPE_PROTOCOL, 0);
  batch.AddNode("frame.time", v1::FIELD_TYPE_ABSOLUTE_TIME, 1, 1795503610,
                1882137472);
  EXPECT_THAT(Ek(batch, kEarlier),
              HasSubstr("\"2026-11-24T07:00:10.1882137472Z\""));
  EXPECT_THAT(Ek(batch, kLater),
              HasSubstr("\"2026-11-24T07:00:10.1882137472\""));
}

TEST(ColumnFieldsTest, AreNamedByTitles) {
  EXPECT_EQ(Fields({"_ws.col.No.", "_ws.col.What", "_ws.col.info"}, kEarlier),
            "_ws.col.No.|_ws.col.What|_ws.col.info\n1|Hello|\n");
  EXPECT_THAT(UnknownColumnFields({"_ws.col.Info"}, HeaderOf(kEarlier)),
              IsEmpty());
}

TEST(ColumnFieldsTest, AreNamedByFormatsAndByTitlesOfDefaultColumns) {
  EXPECT_EQ(Fields({"_ws.col.No.", "_ws.col.info"}, kLater),
            "_ws.col.number|_ws.col.info\n1|Hello\n");
  EXPECT_EQ(Fields({"_ws.col.Info"}, kLater), "_ws.col.info\nHello\n");
  EXPECT_THAT(UnknownColumnFields({"ip.src", "_ws.col.Info", "_ws.col.number",
                                   "_ws.col.What", "_ws.col.Source"},
                                  HeaderOf(kLater)),
              ElementsAre("_ws.col.What", "_ws.col.def_src"));
}

TEST(HashTableOrderTest, IsThatOfTshark) {
  const std::vector<std::string> names = {"eth.dst",
                                          "eth.dst_resolved",
                                          "eth.dst.oui",
                                          "eth.dst.lg",
                                          "eth.dst.ig",
                                          "eth.addr",
                                          "eth.addr_resolved",
                                          "eth.addr.oui",
                                          "eth.lg",
                                          "eth.ig",
                                          "eth.src",
                                          "eth.src_resolved",
                                          "eth.src.oui",
                                          "eth.src.lg",
                                          "eth.src.ig",
                                          "eth.type",
                                          "eth.stream"};
  std::vector<const std::string*> pointers;
  pointers.reserve(names.size());
  for (const std::string& name : names) pointers.push_back(&name);
  std::vector<std::string> ordered;
  for (const size_t index : HashTableOrder(pointers)) {
    ordered.push_back(names[index]);
  }
  EXPECT_THAT(ordered,
              ElementsAre("eth.src.lg", "eth.dst", "eth.lg", "eth.dst_resolved",
                          "eth.addr.oui", "eth.stream", "eth.src_resolved",
                          "eth.type", "eth.src.oui", "eth.addr_resolved",
                          "eth.src", "eth.addr", "eth.dst.ig", "eth.dst.lg",
                          "eth.src.ig", "eth.ig", "eth.dst.oui"));
}

}  // namespace
}  // namespace dissectd::cli
