// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/frame_links.h"

#include <memory>

#include "core/encode/wire.h"
#include "core/epan/handles.h"
#include "core/epan/registry.h"
#include "core/epan/tap_data.h"
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
  const uint32_t frame = node.value.value.uinteger;
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

// The frame whose streams are looked for, and where they go.
struct StreamSearch {
  epan_dissect_t* edt;
  std::string* response;
};

std::vector<int> FindFrameNumberFields() {
  std::vector<int> fields;
  ForEachProtocolAndField([&fields](const header_field_info* field) {
    if (field->type == FT_FRAMENUM) fields.push_back(field->id);
  });
  return fields;
}

gboolean VisitFollower(const void* /*name*/, void* value, void* search) {
  auto* const follower = static_cast<register_follow_t*>(value);
  const auto& [edt, response] = *static_cast<StreamSearch*>(search);
  const int protocol = get_follow_proto_id(follower);
  if (!proto_is_frame_protocol(edt->pi.layers,
                               proto_get_protocol_filter_name(protocol))) {
    return FALSE;
  }
  guint stream = 0;
  guint sub_stream = 0;
  const GCharPtr filter(
      get_follow_conv_func(follower)(edt, &edt->pi, &stream, &sub_stream));
  if (filter == nullptr) return FALSE;
  std::string message;
  wire::AppendText(
      &message, schema::FrameStream::kFollower,
      proto_get_protocol_short_name(find_protocol_by_id(protocol)));
  wire::AppendUint(&message, schema::FrameStream::kStream, stream);
  wire::AppendBytes(response, schema::GetFrameResponse::kStreams, message);
  return FALSE;
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
  StreamSearch search = {edt, response};
  follow_iterate_followers(VisitFollower, &search);
}

}  // namespace dissectd::engine
