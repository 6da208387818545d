// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/frame_links.h"

#include <optional>
#include <protozero/pbf_builder.hpp>

#include "core/analysis/follower.h"
#include "core/encode/wire.h"
#include "core/epan/registry.h"
#include "core/epan/tap_data.h"
#include "core/epan/wireshark_version.h"
#include "dissectd/v1/session.schema.h"

namespace dissectd::engine {
namespace {

schema::FrameReferenceKind KindOf(const header_field_info& field) {
  // For this type, `strings` holds a number.
  const auto kind = static_cast<ft_framenum_type_t>(
      reinterpret_cast<uintptr_t>(field.strings));
  switch (kind) {
    case FT_FRAMENUM_REQUEST:
      return schema::FrameReferenceKind::kRequest;
    case FT_FRAMENUM_RESPONSE:
      return schema::FrameReferenceKind::kResponse;
    case FT_FRAMENUM_ACK:
      return schema::FrameReferenceKind::kAck;
    case FT_FRAMENUM_DUP_ACK:
      return schema::FrameReferenceKind::kDupAck;
    case FT_FRAMENUM_RETRANS_PREV:
      return schema::FrameReferenceKind::kRetransPrev;
    case FT_FRAMENUM_RETRANS_NEXT:
      return schema::FrameReferenceKind::kRetransNext;
    default:
      return schema::FrameReferenceKind::kUnspecified;
  }
}

void AppendReference(const field_info& node, std::string* response) {
  const uint32_t frame = Uint32Of(ValueOf(node));
  if (frame == 0) return;
  std::string message;
  wire::AppendUint(&message, schema::FrameReference::kFrameNumber, frame);
  wire::AppendUint(&message, schema::FrameReference::kKind,
                   static_cast<uint32_t>(KindOf(*node.hfinfo)));
  wire::AppendText(&message, schema::FrameReference::kField,
                   node.hfinfo->abbrev);
  wire::AppendBytes(response, schema::GetFrameResponse::kReferences, message);
}

void VisitNode(proto_node* node, gpointer response) {
  const field_info* const info = PNODE_FINFO(node);
  if (info != nullptr && info->hfinfo->type == FT_FRAMENUM) {
    AppendReference(*info, static_cast<std::string*>(response));
  }
  proto_tree_children_foreach(node, VisitNode, response);
}

std::vector<int> FindFrameNumberFields() {
  std::vector<int> fields;
  ForEachProtocolAndField([&fields](const header_field_info* field) {
    if (field->type == FT_FRAMENUM) fields.push_back(field->id);
  });
  return fields;
}

void AppendStream(const Follower& follower, epan_dissect_t* edt,
                  std::string* response) {
  if (!proto_is_frame_protocol(edt->pi.layers, follower.filter_name.c_str())) {
    return;
  }
  const std::optional<SelectedStream> stream = SelectByFrame(follower, edt);
  if (!stream.has_value()) return;
  std::string message;
  protozero::pbf_builder<schema::FrameStream> out(message);
  out.add_string(schema::FrameStream::kFollower, follower.name);
  out.add_uint32(schema::FrameStream::kStream, stream->number);
  // The number 0 is one as well.
  if (follower.has_sub_streams) {
    out.add_uint32(schema::FrameStream::kSubStream,
                   static_cast<uint32_t>(stream->sub_stream));
  }
  wire::AppendBytes(response, schema::GetFrameResponse::kStreams, message);
}

}  // namespace

const std::vector<int>& FrameNumberFields() {
  static const auto& fields = *new std::vector<int>(FindFrameNumberFields());
  return fields;
}

void AppendReferences(epan_dissect_t* edt, std::string* response) {
  if (edt->tree == nullptr) return;
  proto_tree_children_foreach(edt->tree, VisitNode, response);
}

void AppendStreams(epan_dissect_t* edt, std::string* response) {
  for (const Follower& follower : Followers()) {
    AppendStream(follower, edt, response);
  }
}

}  // namespace dissectd::engine
