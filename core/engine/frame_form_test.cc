// SPDX-License-Identifier: GPL-2.0-or-later

// Tests that the forms of frames agree, and the contents of each.

#include <gmock/gmock.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/gzip_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/repeated_field.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/engine/testing/capture_builder.h"
#include "core/engine/testing/engine_driver.h"

namespace dissectd::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::DissectRequest Request(const std::string& text) {
  v1::DissectRequest request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request));
  return request;
}

std::string ReadCapture(const std::string& name) {
  std::ifstream file("tests/captures/" + name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

class FrameFormTest : public ::testing::Test {
 protected:
  Answer Dissect(const std::string& capture, const std::string& request) {
    Answer answer = engine_.Dissect(capture, Request(request));
    EXPECT_TRUE(answer.status.has_value());
    if (answer.status.has_value()) {
      EXPECT_EQ(answer.status->code(), 0) << answer.status->message();
    }
    return answer;
  }

  EngineDriver engine_;
};

std::vector<v1::PlainFrame> FramesOfPlainForm(const Answer& answer) {
  std::vector<v1::PlainFrame> frames;
  for (const v1::DissectResponse& message : answer.messages) {
    frames.insert(frames.end(), message.plain_batch().frames().begin(),
                  message.plain_batch().frames().end());
  }
  return frames;
}

v1::ColumnBatch OnlyColumnBatch(const Answer& answer) {
  for (const v1::DissectResponse& message : answer.messages) {
    if (message.has_column_batch()) return message.column_batch();
  }
  ADD_FAILURE() << "no batch";
  return v1::ColumnBatch();
}

// Removes from the plain form what the compact one can't express exactly.
void MakeComparable(v1::PlainFrame* frame) {
  for (auto* nodes : {frame->mutable_tree(), frame->mutable_fields()}) {
    for (v1::PlainNode& node : *nodes) {
      // The plain form replaces bytes that aren't UTF-8.
      if (node.has_string_value()) node.clear_string_value();
      for (const char c : node.label()) {
        if ((c & 0x80) != 0) {
          node.clear_label();
          break;
        }
      }
    }
  }
}

// Compares node by node, as gtest takes very long to show how two texts of many
// lines differ.
void ExpectEqualNodes(
    const google::protobuf::RepeatedPtrField<v1::PlainNode>& one,
    const google::protobuf::RepeatedPtrField<v1::PlainNode>& other) {
  ASSERT_EQ(one.size(), other.size());
  for (int i = 0; i < one.size(); ++i) {
    ASSERT_EQ(one[i].DebugString(), other[i].DebugString()) << "node " << i;
  }
}

void ExpectEqualFrames(v1::PlainFrame one, v1::PlainFrame other) {
  ExpectEqualNodes(one.fields(), other.fields());
  ExpectEqualNodes(one.tree(), other.tree());
  for (v1::PlainFrame* frame : {&one, &other}) {
    frame->clear_fields();
    frame->clear_tree();
  }
  EXPECT_EQ(one.DebugString(), other.DebugString());
}

class FormsOfCaptureTest : public FrameFormTest,
                           public ::testing::WithParamInterface<const char*> {};

TEST_P(FormsOfCaptureTest, PlainAndCompactSayTheSame) {
  const std::string capture = ReadCapture(GetParam());
  // The compact form doesn't cut values that are bytes of a source.
  const std::string view =
      "columns { use_profile_columns: true } fields: 'ip.addr' fields: 'dns' "
      "fields: 'frame.time' fields: 'http.request.uri' tree: TREE_DETAIL_FULL "
      "labels: true include_hidden: true bytes: BYTE_DETAIL_ALL_SOURCES "
      "max_value_bytes: 1000000";
  std::vector<v1::PlainFrame> compact =
      Dissect(capture, "view { " + view + " }").Frames();
  std::vector<v1::PlainFrame> plain = FramesOfPlainForm(
      Dissect(capture, "view { form: FORM_PLAIN " + view + " }"));
  ASSERT_FALSE(compact.empty());
  ASSERT_EQ(compact.size(), plain.size());
  for (size_t i = 0; i < plain.size(); ++i) {
    MakeComparable(&compact[i]);
    MakeComparable(&plain[i]);
    ExpectEqualFrames(compact[i], plain[i]);
    if (HasFailure()) FAIL() << "in frame " << plain[i].number();
  }
}

INSTANTIATE_TEST_SUITE_P(Captures, FormsOfCaptureTest,
                         ::testing::Values("dns.pcap", "http1.pcap.gz",
                                           "redis.pcap", "vxlan.pcap",
                                           "icmp-fragments.pcap", "ipv6.pcap",
                                           "interfaces-comments.pcapng",
                                           "merged-encapsulations.pcapng"));

TEST_F(FrameFormTest, TellsRequestsInOneFrameApart) {
  const std::string capture =
      CaptureBuilder()
          .Add(TcpFrame(1000, 80,
                        "GET /one HTTP/1.1\r\nHost: a\r\n\r\n"
                        "GET /two HTTP/1.1\r\nHost: b\r\n\r\n"))
          .bytes();
  const std::vector<v1::PlainFrame> frames =
      Dissect(capture,
              "view { fields: 'http.request.uri' fields: 'http.host' }")
          .Frames();
  ASSERT_EQ(frames.size(), 1u);
  std::vector<std::string> occurrences;
  for (const v1::PlainNode& node : frames[0].fields()) {
    occurrences.push_back(std::to_string(node.layer()) + node.string_value());
  }
  // The layer follows frame, eth, ip and tcp.
  EXPECT_THAT(occurrences, ElementsAre("5/one", "5a", "6/two", "6b"));
}

TEST_F(FrameFormTest, ARecordWithoutATimeIsSentWithoutOne) {
  const std::string capture =
      CaptureWithTimelessRecord(UdpFrame(1000, 2000, "one"));
  const std::vector<v1::PlainFrame> compact =
      Dissect(capture, "view {}").Frames();
  const std::vector<v1::PlainFrame> plain =
      FramesOfPlainForm(Dissect(capture, "view { form: FORM_PLAIN }"));
  for (const std::vector<v1::PlainFrame>& frames : {compact, plain}) {
    ASSERT_EQ(frames.size(), 2u);
    EXPECT_EQ(frames[0].time().seconds(), 1'700'000'000);
    EXPECT_FALSE(frames[1].has_time());
  }
}

TEST_F(FrameFormTest, FlagsMeanTheSameWhateverElseIsAskedFor) {
  const std::string capture = ReadCapture("dns.pcap");
  for (const char* view :
       {"fields: 'ip' fields: 'ip.addr' fields: 'dns.qry.name'",
        "fields: 'ip' fields: 'ip.addr' fields: 'dns.qry.name' "
        "tree: TREE_DETAIL_FULL labels: true"}) {
    const Answer answer = Dissect(
        capture, "view { range { last_frame: 1 } " + std::string(view) + "}");
    for (const v1::DissectResponse& message : answer.messages) {
      const v1::FrameBatch& batch = message.batch();
      if (batch.frames_size() == 0) continue;
      const v1::NodeList& fields = batch.frames(0).fields();
      EXPECT_EQ(fields.template_indexes_size(), 4);
      for (const uint32_t index : fields.template_indexes()) {
        EXPECT_EQ(batch.node_templates(static_cast<int>(index)).flags(), 0u);
      }
    }
  }
}

TEST_F(FrameFormTest, SendsHiddenNodesOnlyIfAskedFor) {
  const std::string capture = ReadCapture("dns.pcap");
  const auto hidden = [](const std::vector<v1::PlainFrame>& frames) {
    int count = 0;
    for (const v1::PlainNode& node : frames[0].tree()) count += node.hidden();
    return count;
  };
  EXPECT_EQ(
      hidden(Dissect(capture, "view { tree: TREE_DETAIL_FULL }").Frames()), 0);
  EXPECT_GT(
      hidden(Dissect(capture,
                     "view { tree: TREE_DETAIL_FULL include_hidden: true }")
                 .Frames()),
      5);
}

TEST_F(FrameFormTest, TellsTheDissectorsLabelsFromLibwiresharks) {
  const Answer answer =
      Dissect(ReadCapture("dns.pcap"),
              "view { range { last_frame: 1 } fields: 'dns' fields: 'udp' "
              "labels: true }");
  const v1::FrameBatch& batch = answer.messages[1].batch();
  ASSERT_EQ(batch.node_templates_size(), 2);
  // UDP shows its ports. DNS shows only that it is a query, which is also its
  // label.
  EXPECT_EQ(batch.node_templates(0).label_form(), v1::LABEL_FORM_CUSTOM);
  EXPECT_EQ(batch.node_templates(1).label_form(), v1::LABEL_FORM_CUSTOM);
  const Answer ip = Dissect(ReadCapture("dns.pcap"),
                            "view { range { last_frame: 1 } "
                            "fields: 'dns.flags.response' fields: 'dns.id' "
                            "tree: TREE_DETAIL_FULL labels: true }");
  bool derived = false;
  bool computed = false;
  for (const v1::NodeTemplate& node : ip.messages[1].batch().node_templates()) {
    derived |= node.label_form() == v1::LABEL_FORM_DERIVED;
    computed |= node.label_form() == v1::LABEL_FORM_COMPUTED;
  }
  EXPECT_TRUE(derived);
  EXPECT_TRUE(computed);
}

TEST_F(FrameFormTest, CutsValuesAndSourcesAsTheViewSays) {
  const std::string payload(5000, 'x');
  const std::string capture =
      CaptureBuilder().Add(UdpFrame(1000, 2000, payload)).bytes();
  const std::string view =
      "fields: 'data.data' bytes: BYTE_DETAIL_ALL_SOURCES "
      "max_bytes_per_source: 100 max_value_bytes: 300";
  const std::vector<v1::PlainFrame> compact =
      Dissect(capture, "view { " + view + " }").Frames();
  const std::vector<v1::PlainFrame> plain = FramesOfPlainForm(
      Dissect(capture, "view { form: FORM_PLAIN " + view + " }"));
  for (const std::vector<v1::PlainFrame>& frames : {compact, plain}) {
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(frames[0].sources(0).data().size(), 100u);
    EXPECT_EQ(frames[0].sources(0).length(), 14u + 20 + 8 + 5000);
    EXPECT_EQ(frames[0].fields(0).bytes_value(), payload.substr(0, 300));
    EXPECT_TRUE(frames[0].fields(0).value_cut());
  }
}

// An HTTP response in one segment, whose body has `size` bytes when it is
// decompressed.
std::string CompressedResponse(size_t size) {
  std::string body;
  google::protobuf::io::StringOutputStream compressed(&body);
  google::protobuf::io::GzipOutputStream gzip(&compressed);
  google::protobuf::io::CodedOutputStream(&gzip).WriteString(
      std::string(size, 'x'));
  EXPECT_TRUE(gzip.Close());
  return absl::StrCat(
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/plain"
      "\r\nContent-Length: ",
      body.size(), "\r\n\r\n", body);
}

TEST_F(FrameFormTest, ALargeFrameFitsWhatClientsAcceptByDefault) {
  // gRPC's default for messages that clients receive.
  constexpr size_t kClientLimit = 4 << 20;
  constexpr uint32_t kBodyBytes = 6'000'000;
  const std::string capture =
      CaptureBuilder()
          .Add(TcpFrame(80, 4000, CompressedResponse(kBodyBytes)))
          .bytes();
  const std::string view =
      "tree: TREE_DETAIL_FULL labels: true fields: 'http.file_data' "
      "bytes: BYTE_DETAIL_ALL_SOURCES";
  const Answer compact = Dissect(capture, "view { " + view + " }");
  const Answer plain =
      Dissect(capture, "view { form: FORM_PLAIN " + view + "}");
  for (const Answer* answer : {&compact, &plain}) {
    for (const v1::DissectResponse& message : answer->messages) {
      EXPECT_LT(message.ByteSizeLong(), kClientLimit);
    }
  }
  for (const std::vector<v1::PlainFrame>& frames :
       {compact.Frames(), FramesOfPlainForm(plain)}) {
    ASSERT_EQ(frames.size(), 1u);
    const v1::PlainFrame& frame = frames[0];
    ASSERT_EQ(frame.sources_size(), 2);
    EXPECT_EQ(frame.sources(1).length(), kBodyBytes);
    EXPECT_EQ(frame.sources(1).data().size(), 1u << 20);
    ASSERT_EQ(frame.fields_size(), 1);
    // The field's type is text in Wireshark 4.0, and bytes in 4.4.
    const v1::PlainNode& field = frame.fields(0);
    EXPECT_EQ(field.string_value().size() + field.bytes_value().size(),
              64u << 10);
    EXPECT_TRUE(frame.fields(0).value_cut());
  }
}

TEST_F(FrameFormTest, DoesNotRepeatBytesOfASource) {
  const std::string payload(5000, 'x');
  const std::string capture =
      CaptureBuilder().Add(UdpFrame(1000, 2000, payload)).bytes();
  const Answer answer = Dissect(capture,
                                "view { tree: TREE_DETAIL_FULL "
                                "bytes: BYTE_DETAIL_ALL_SOURCES }");
  EXPECT_LT(answer.messages[1].ByteSizeLong(), 2 * payload.size());
  const std::vector<v1::PlainFrame> frames = answer.Frames();
  const v1::PlainNode& data = frames[0].tree(frames[0].tree_size() - 2);
  EXPECT_EQ(data.name(), "data.data");
  EXPECT_EQ(data.bytes_value(), payload);
}

TEST_F(FrameFormTest, ColumnsHoldTheValuesOfAllFrames) {
  const std::string capture = CaptureBuilder()
                                  .Add(UdpFrame(1000, 2000, "one"))
                                  .Add(TcpFrame(3000, 4000, "two"))
                                  .Add(UdpFrame(70, 80, "three"))
                                  .bytes();
  const v1::ColumnBatch batch = OnlyColumnBatch(
      Dissect(capture,
              "view { form: FORM_COLUMNAR columns { columns { format: '%s' } } "
              "fields: 'frame.number' fields: 'udp.port' fields: 'ip.src' "
              "fields: 'frame.protocols' fields: 'frame.time_delta' "
              "fields: 'udp' fields: 'ip.flags.df' fields: 'data.data' }"));
  EXPECT_THAT(batch.frame_numbers(), ElementsAre(1, 2, 3));
  ASSERT_EQ(batch.fields_size(), 8);
  const v1::FieldColumn& numbers = batch.fields(0);
  EXPECT_EQ(numbers.name(), "frame.number");
  EXPECT_EQ(numbers.type(), v1::FIELD_TYPE_UINT32);
  EXPECT_EQ(numbers.value_kind(), v1::COLUMN_VALUE_KIND_UINT32);
  EXPECT_THAT(numbers.counts(), IsEmpty());
  EXPECT_THAT(numbers.uint32_values(), ElementsAre(1, 2, 3));
  const v1::FieldColumn& ports = batch.fields(1);
  EXPECT_THAT(ports.counts(), ElementsAre(2, 0, 2));
  EXPECT_THAT(ports.uint32_values(), ElementsAre(1000, 2000, 70, 80));
  const v1::FieldColumn& addresses = batch.fields(2);
  EXPECT_EQ(addresses.byte_width(), 4u);
  EXPECT_THAT(addresses.byte_lengths(), IsEmpty());
  EXPECT_EQ(addresses.byte_data(),
            std::string("\x0a\0\0\1\x0a\0\0\1\x0a\0\0\1", 12));
  std::vector<std::string> protocols;
  for (const uint32_t index : batch.fields(3).string_indexes()) {
    protocols.push_back(batch.strings(static_cast<int>(index)));
  }
  EXPECT_THAT(protocols, ElementsAre("eth:ethertype:ip:udp:data",
                                     "eth:ethertype:ip:tcp:data",
                                     "eth:ethertype:ip:udp:data"));
  EXPECT_EQ(batch.fields(4).value_kind(), v1::COLUMN_VALUE_KIND_NANOSECONDS);
  EXPECT_THAT(batch.fields(4).sint64_values(),
              ElementsAre(0, 1'000'000, 1'000'000));
  EXPECT_THAT(batch.fields(5).counts(), ElementsAre(1, 0, 1));
  EXPECT_EQ(batch.fields(5).value_kind(), v1::COLUMN_VALUE_KIND_UNSPECIFIED);
  EXPECT_THAT(batch.fields(6).uint32_values(), ElementsAre(0, 0, 0));
  EXPECT_EQ(batch.fields(7).byte_data(), "onetwothree");
  EXPECT_THAT(batch.fields(7).byte_lengths(), ElementsAre(3, 3, 5));
  ASSERT_EQ(batch.columns_size(), 1);
  for (const uint32_t index : batch.columns(0).string_indexes()) {
    EXPECT_EQ(batch.strings(static_cast<int>(index)), "10.0.0.1");
  }
}

TEST_F(FrameFormTest, ColumnsTellWhichValuesAreTruncated) {
  const std::string payload(300, 'x');
  const std::string capture = CaptureBuilder()
                                  .Add(UdpFrame(1, 2, "short"))
                                  .Add(UdpFrame(1, 2, payload))
                                  .Add(UdpFrame(1, 2, payload))
                                  .Add(UdpFrame(1, 2, "short"))
                                  .bytes();
  const v1::ColumnBatch batch =
      OnlyColumnBatch(Dissect(capture,
                              "view { form: FORM_COLUMNAR max_value_bytes: 256 "
                              "fields: 'data.data' fields: 'udp.port' }"));
  ASSERT_EQ(batch.fields_size(), 2);
  EXPECT_THAT(batch.fields(0).byte_lengths(), ElementsAre(5, 256, 256, 5));
  EXPECT_THAT(batch.fields(0).truncated_indexes(), ElementsAre(1, 2));
  EXPECT_THAT(batch.fields(1).truncated_indexes(), IsEmpty());
}

TEST_F(FrameFormTest, TellsTheColoringRuleIfAskedFor) {
  const std::string capture = CaptureBuilder().Add(UdpFrame(1, 2, "x")).bytes();
  const Answer plain =
      Dissect(capture, "view { form: FORM_PLAIN colors: true }");
  const Answer compact = Dissect(capture, "view { colors: true }");
  const v1::StreamHeader& header = compact.messages.front().header();
  ASSERT_EQ(FramesOfPlainForm(plain).size(), 1u);
  const uint32_t rule = FramesOfPlainForm(plain)[0].coloring_rule();
  ASSERT_GT(rule, 0u);
  ASSERT_LE(rule, static_cast<uint32_t>(header.coloring_rules_size()));
  EXPECT_EQ(header.coloring_rules(static_cast<int>(rule) - 1).filter(), "udp");
  EXPECT_EQ(header.DebugString(),
            plain.messages.front().header().DebugString());
  for (const v1::DissectResponse& message : compact.messages) {
    for (const v1::Frame& frame : message.batch().frames()) {
      EXPECT_EQ(frame.coloring_rule(), rule);
    }
  }
  const Answer without = Dissect(capture, "view { form: FORM_PLAIN }");
  EXPECT_EQ(without.messages.front().header().coloring_rules_size(), 0);
  EXPECT_EQ(FramesOfPlainForm(without)[0].coloring_rule(), 0u);
}

TEST_F(FrameFormTest, RefusesTreesBytesAndColorsInColumns) {
  const std::string capture = CaptureBuilder().Add(UdpFrame(1, 2, "x")).bytes();
  for (const char* view :
       {"tree: TREE_DETAIL_FULL", "bytes: BYTE_DETAIL_FRAME", "colors: true"}) {
    const Answer answer = engine_.Dissect(
        capture,
        Request("view { form: FORM_COLUMNAR " + std::string(view) + " }"));
    EXPECT_EQ(answer.status->code(), 3);
    EXPECT_EQ(answer.Failure().reason(), "VIEW_NOT_COLUMNAR");
  }
}

}  // namespace
}  // namespace dissectd::engine
