// SPDX-License-Identifier: Apache-2.0

#include "clients/cpp/frame_decoder.h"

#include <cstdint>
#include <limits>

#include "clients/cpp/label_text.h"
#include "clients/cpp/value_text.h"
#include "gtest/gtest.h"

namespace dissectd {
namespace {

constexpr uint32_t kBeyond = std::numeric_limits<uint32_t>::max();

v1::NodeTemplate* AddTemplate(v1::ValueKind kind, v1::FrameBatch* batch) {
  v1::NodeTemplate* const added = batch->add_node_templates();
  added->set_value_kind(kind);
  added->set_field_id(kBeyond);
  added->set_source_number(kBeyond);
  added->set_label_form(v1::LABEL_FORM_CUSTOM);
  return added;
}

TEST(FrameDecoderTest, IndexesThatABatchDoesNotHaveAreEmpty) {
  v1::FrameBatch batch;
  AddTemplate(v1::VALUE_KIND_STRING, &batch);
  AddTemplate(v1::VALUE_KIND_BYTES, &batch);
  AddTemplate(v1::VALUE_KIND_SOURCE_BYTES, &batch);
  AddTemplate(v1::VALUE_KIND_UINT32, &batch)->set_label_suffix_index(kBeyond);
  v1::Frame* const frame = batch.add_frames();
  frame->add_column_indexes(kBeyond);
  frame->add_sources();
  v1::NodeList* const tree = frame->mutable_tree();
  for (const uint32_t index : {0u, 1u, 2u, 3u, kBeyond}) {
    tree->add_template_indexes(index);
    tree->add_label_indexes(kBeyond);
  }
  tree->add_string_indexes(kBeyond);
  tree->add_byte_string_indexes(kBeyond);
  FrameDecoder decoder;
  int frames = 0;
  for (const FrameView& view : decoder.Decode(batch)) {
    ++frames;
    EXPECT_EQ(view.column(0), "");
    EXPECT_EQ(view.nodes().size(), 5u);
    for (const Node& node : view.nodes()) {
      EXPECT_EQ(node.field->name, "");
      EXPECT_EQ(node.text, "");
      EXPECT_EQ(node.unsigned_value, 0u);
      EXPECT_EQ(LabelText(node), "");
      EXPECT_FALSE(view.Bytes(node).has_value());
      EXPECT_FALSE(view.IsCutShort(node));
    }
  }
  EXPECT_EQ(frames, 1);
}

TEST(FrameDecoderTest, FieldsAreKeptFromBatchToBatch) {
  v1::FrameBatch first;
  v1::FieldDefinition* const field = first.add_fields();
  field->set_id(1);
  field->mutable_field()->set_name("ip.ttl");
  field->mutable_field()->set_type(v1::FIELD_TYPE_UINT8);
  v1::FrameBatch second;
  v1::NodeTemplate* const node = second.add_node_templates();
  node->set_field_id(1);
  node->set_value_kind(v1::VALUE_KIND_UINT32);
  v1::NodeList* const fields = second.add_frames()->mutable_fields();
  fields->add_template_indexes(0);
  fields->add_uint32_values(64);
  FrameDecoder decoder;
  for (const FrameView& frame : decoder.Decode(first)) {
    FAIL() << frame.frame().number();
  }
  for (const FrameView& frame : decoder.Decode(second)) {
    EXPECT_EQ(ValueText(frame, "ip.ttl"), "64");
    EXPECT_EQ(ValueText(frame, "ip.src"), "");
  }
}

}  // namespace
}  // namespace dissectd
