// SPDX-License-Identifier: GPL-2.0-or-later

// Decodes the recorded streams that all clients decode, and compares the
// results with the daemon's plain form.

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cpp/column_view.h"
#include "dissectd/v1/dissection.pb.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/util/delimited_message_util.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/decoding/plain_frames.h"

namespace dissectd {
namespace {

using google::protobuf::util::MessageDifferencer;
using nlohmann::json;

constexpr char kVectors[] = "clients/conformance/vectors";

std::string Content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kVectors)) {
    if (entry.path().extension() != ".stream") continue;
    names.push_back(entry.path().stem().string());
  }
  return names;
}

std::vector<v1::DissectResponse> Stream(const std::string& name) {
  const std::string content =
      Content(absl::StrCat(kVectors, "/", name, ".stream"));
  google::protobuf::io::ArrayInputStream input(
      content.data(), static_cast<int>(content.size()));
  std::vector<v1::DissectResponse> messages;
  bool at_end = false;
  // Parsing merges a message into what was there before.
  for (v1::DissectResponse message;
       google::protobuf::util::ParseDelimitedFromZeroCopyStream(
           &message, &input, &at_end);
       message.Clear()) {
    messages.push_back(message);
  }
  EXPECT_TRUE(at_end) << name;
  return messages;
}

std::string Expected(const std::string& name) {
  return Content(absl::StrCat(kVectors, "/", name, ".json"));
}

// Returns a number if it fits `Narrow`, and decimal text otherwise.
template <typename Narrow, typename Wide>
json IntegerOf(Wide value) {
  const auto narrow = static_cast<Narrow>(value);
  if (narrow == value) return narrow;
  return absl::StrCat(value);
}

// Returns the value of a columnar vector.
json JsonOf(const Node& node) {
  const v1::PlainNode plain = PlainNodeOf(node);
  switch (plain.value_case()) {
    case v1::PlainNode::kUint32Value:
      return plain.uint32_value();
    case v1::PlainNode::kUint64Value:
      return IntegerOf<uint32_t>(plain.uint64_value());
    case v1::PlainNode::kSint32Value:
      return plain.sint32_value();
    case v1::PlainNode::kSint64Value:
      return IntegerOf<int32_t>(plain.sint64_value());
    case v1::PlainNode::kDoubleValue:
      if (std::isnan(plain.double_value())) return "NaN";
      if (std::isinf(plain.double_value())) {
        return plain.double_value() > 0 ? "Infinity" : "-Infinity";
      }
      return plain.double_value();
    case v1::PlainNode::kBoolValue:
      return plain.bool_value();
    case v1::PlainNode::kStringValue:
      return plain.string_value();
    case v1::PlainNode::kBytesValue:
      return absl::Base64Escape(plain.bytes_value());
    case v1::PlainNode::kAddressValue:
      return plain.address_value();
    default:
      return nullptr;
  }
}

// Times and durations are nanoseconds, also those that the plain form can't
// express.
json ColumnValue(const Node& node) {
  if (node.value_kind != v1::VALUE_KIND_TIME) return JsonOf(node);
  const auto nanoseconds =
      static_cast<__int128>(node.seconds) * 1'000'000'000 + node.nanos;
  return absl::StrCat(static_cast<int64_t>(nanoseconds));
}

json ColumnarFrames(const std::vector<v1::DissectResponse>& messages) {
  json result = {{"frames", json::array()},
                 {"fields", json::array()},
                 {"columns", json::array()}};
  std::vector<int64_t> values_before;
  for (const v1::DissectResponse& message : messages) {
    if (!message.has_column_batch()) continue;
    const v1::ColumnBatch& batch = message.column_batch();
    for (const uint32_t number : batch.frame_numbers()) {
      result["frames"].push_back(number);
    }
    values_before.resize(static_cast<size_t>(batch.fields_size()));
    for (int i = 0; i < batch.fields_size(); ++i) {
      json& field = result["fields"][static_cast<size_t>(i)];
      if (field.is_null()) {
        field = {{"name", batch.fields(i).name()},
                 {"values", json::array()},
                 {"truncated", json::array()}};
      }
      int64_t& before = values_before[static_cast<size_t>(i)];
      for (const uint32_t index : batch.fields(i).truncated_indexes()) {
        field["truncated"].push_back(before + index);
      }
      const ColumnView column(batch, batch.fields(i));
      for (const std::vector<Node>& row : column.Rows()) {
        json values = json::array();
        for (const Node& node : row) values.push_back(ColumnValue(node));
        before += static_cast<int64_t>(row.size());
        field["values"].push_back(values);
      }
    }
    for (int i = 0; i < batch.columns_size(); ++i) {
      json& column = result["columns"][static_cast<size_t>(i)];
      for (const uint32_t index : batch.columns(i).string_indexes()) {
        column.push_back(batch.strings(static_cast<int>(index)));
      }
    }
  }
  return result;
}

TEST(ConformanceTest, CompactStreamsDecodeAsExpected) {
  int streams = 0;
  for (const std::string& name : Names()) {
    if (absl::StartsWith(name, "columnar-")) continue;
    ++streams;
    v1::PlainBatch expected;
    const auto parsed = google::protobuf::util::JsonStringToMessage(
        absl::StrCat("{\"frames\":", Expected(name), "}"), &expected);
    ASSERT_TRUE(parsed.ok()) << name << ": " << parsed.ToString();
    v1::PlainBatch actual;
    for (const v1::PlainFrame& frame : PlainFrames(Stream(name))) {
      *actual.add_frames() = frame;
    }
    std::string differences;
    MessageDifferencer differencer;
    google::protobuf::util::DefaultFieldComparator comparator;
    comparator.set_treat_nan_as_equal(true);
    differencer.set_field_comparator(&comparator);
    differencer.ReportDifferencesToString(&differences);
    EXPECT_TRUE(differencer.Compare(expected, actual))
        << name << ":\n"
        << differences.substr(0, 2000);
  }
  EXPECT_GT(streams, 15);
}

TEST(ConformanceTest, ColumnarStreamsDecodeAsExpected) {
  int streams = 0;
  for (const std::string& name : Names()) {
    if (!absl::StartsWith(name, "columnar-")) continue;
    ++streams;
    const json expected = json::parse(Expected(name));
    const json actual = ColumnarFrames(Stream(name));
    EXPECT_EQ(actual, expected)
        << name << ": " << json::diff(actual, expected).dump().substr(0, 2000);
  }
  EXPECT_GT(streams, 3);
}

}  // namespace
}  // namespace dissectd
