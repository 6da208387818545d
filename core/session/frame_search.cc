// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/frame_search.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/base/wire_bool.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/session.schema.h"

namespace dissectd::engine {
namespace {

using Kind = FrameSearch::Kind;

template <typename Message>
void ReadTarget(Kind kind, Message* message, FrameSearch* search) {
  search->kind = kind;
  search->target = kind == Kind::kBytes ? message->get_bytes() : Text(message);
}

template <typename Message>
void ReadField(Message* message, FrameSearch* search) {
  switch (message->tag()) {
    case schema::FindFrameRequest::kTextInDetails:
      ReadTarget(Kind::kDetails, message, search);
      break;
    case schema::FindFrameRequest::kTextInColumns:
      ReadTarget(Kind::kColumns, message, search);
      break;
    case schema::FindFrameRequest::kBytes:
      ReadTarget(Kind::kBytes, message, search);
      break;
    case schema::FindFrameRequest::kIgnoreCase:
      search->ignore_case = GetBool(message);
      break;
    case schema::FindFrameRequest::kBackward:
      search->backward = GetBool(message);
      break;
    case schema::FindFrameRequest::kWithinDisplayFilter:
      search->within_display_filter = Text(message);
      break;
    case schema::FindFrameRequest::kRange: {
      const protozero::data_view range = message->get_view();
      search->range = ReadFrameRange({range.data(), range.size()});
      break;
    }
    default:
      message->skip();
  }
}

bool EqualsIgnoringCase(char a, char b) {
  return absl::ascii_tolower(static_cast<unsigned char>(a)) ==
         absl::ascii_tolower(static_cast<unsigned char>(b));
}

// Returns the label as the packet details show it.
std::string LabelOf(field_info* node) {
  if (node->rep != nullptr) return node->rep->representation;
  char label[ITEM_LABEL_LENGTH] = "";
  proto_item_fill_label(node, label);
  return label;
}

}  // namespace

absl::StatusOr<FrameSearch> ParseFindFrameRequest(absl::string_view bytes) {
  FrameSearch search;
  RETURN_IF_ERROR(ReadRequestFields<schema::FindFrameRequest>(
      "FindFrameRequest", bytes,
      [&search](auto* message) { ReadField(message, &search); }));
  RETURN_IF_ERROR(CheckUnlimitedRange(search.range));
  if (search.kind != Kind::kNone && !search.target.empty()) return search;
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "The request doesn't say what to find.",
                   {"SEARCH_MISSING", {}, {}});
}

FrameNeeds SearchSink::needs() const {
  FrameNeeds needs;
  needs.visible_tree = search_.kind == Kind::kDetails;
  needs.columns = search_.kind == Kind::kColumns;
  return needs;
}

absl::Status SearchSink::AddFrame(epan_dissect_t* edt, const frame_data& frame,
                                  ColumnSet* columns) {
  if (Matches(edt, columns)) found_ = frame.num;
  return absl::OkStatus();
}

bool SearchSink::Matches(epan_dissect_t* edt, ColumnSet* columns) const {
  switch (search_.kind) {
    case Kind::kDetails:
      return IsInDetails(edt->tree);
    case Kind::kColumns:
      return IsInColumns(columns);
    case Kind::kBytes:
      return IsInBytes(edt->pi);
    case Kind::kNone:
      break;
  }
  return false;
}

bool SearchSink::IsInText(absl::string_view text) const {
  if (!search_.ignore_case) {
    return text.find(search_.target) != absl::string_view::npos;
  }
  return std::search(text.begin(), text.end(), search_.target.begin(),
                     search_.target.end(), EqualsIgnoringCase) != text.end();
}

bool SearchSink::IsInColumns(ColumnSet* columns) const {
  for (size_t i = 0; i < columns->definitions().size(); ++i) {
    if (IsInText(columns->Text(i))) return true;
  }
  return false;
}

bool SearchSink::IsInBytes(const packet_info& packet) const {
  for (const GSList* item = packet.data_src; item != nullptr;
       item = item->next) {
    tvbuff_t* const buffer =
        get_data_source_tvb(static_cast<const data_source*>(item->data));
    const guint length = tvb_captured_length(buffer);
    if (length == 0) continue;
    // This can't throw, as all captured bytes of a source are available.
    const absl::string_view bytes(reinterpret_cast<const char*>(tvb_get_ptr(
                                      buffer, 0, static_cast<gint>(length))),
                                  length);
    if (bytes.find(search_.target) != absl::string_view::npos) return true;
  }
  return false;
}

bool SearchSink::IsInDetails(const proto_node* node) const {
  for (proto_node* child = node->first_child; child != nullptr;
       child = child->next) {
    if (proto_item_is_hidden(child)) continue;
    field_info* const info = PNODE_FINFO(child);
    if (info != nullptr && IsInText(LabelOf(info))) return true;
    if (IsInDetails(child)) return true;
  }
  return false;
}

}  // namespace dissectd::engine
