// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/export_objects.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/analysis/analysis_run.h"
#include "core/analysis/object_list.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/epan/tap_data.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

// The maximum size of the content in a message.
constexpr size_t kMaxChunkBytes = 256 << 10;
constexpr size_t kSha256Bytes = 32;

struct ObjectsRequest {
  std::string source;
  std::string type;
  // Always empty for ListExportObjects.
  std::vector<uint32_t> indexes;
};

std::string Sha256(absl::string_view content) {
  std::array<guint8, kSha256Bytes> digest = {};
  gsize size = digest.size();
  GChecksum* const checksum = g_checksum_new(G_CHECKSUM_SHA256);
  g_checksum_update(checksum, reinterpret_cast<const guchar*>(content.data()),
                    static_cast<gssize>(content.size()));
  g_checksum_get_digest(checksum, digest.data(), &size);
  g_checksum_free(checksum);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

// The objects of a capture after a run.
class FoundObjects {
 public:
  explicit FoundObjects(const ObjectList& list)
      : entries_(list.entries()), names_(ExportNames(entries_)) {}

  size_t size() const { return entries_.size(); }
  absl::string_view Content(size_t index) const {
    return ContentOf(*entries_[index]);
  }

  // Returns a serialised dissectd.v1.ExportObject.
  std::string Describe(size_t index) const;

 private:
  const std::vector<export_object_entry_t*>& entries_;
  const std::vector<std::string> names_;
};

std::string FoundObjects::Describe(size_t index) const {
  const export_object_entry_t& entry = *entries_[index];
  std::string object;
  protozero::pbf_builder<schema::ExportObject> out(object);
  const auto add_text = [&out](schema::ExportObject field, const char* text) {
    if (text != nullptr) out.add_string(field, MakeValidUtf8(text));
  };
  out.add_uint32(schema::ExportObject::kIndex, static_cast<uint32_t>(index));
  out.add_uint32(schema::ExportObject::kFrameNumber, entry.pkt_num);
  add_text(schema::ExportObject::kHost, entry.hostname);
  add_text(schema::ExportObject::kContentType, entry.content_type);
  add_text(schema::ExportObject::kFileName, entry.filename);
  add_text(schema::ExportObject::kExportName, names_[index].c_str());
  const absl::string_view content = ContentOf(entry);
  out.add_uint64(schema::ExportObject::kSizeBytes, content.size());
  out.add_bytes(schema::ExportObject::kSha256, Sha256(content));
  return object;
}

template <typename Kind>
absl::Status SendKind(Kind kind, absl::string_view value, SendResponse send) {
  std::string response;
  protozero::pbf_builder<Kind>(response).add_bytes(kind, value.data(),
                                                   value.size());
  return send(response);
}

// Reads the capture, sends progress, the objects by `send_objects`, and the
// end.
template <typename Kind, typename SendObjects>
absl::Status AnswerWithObjects(const QueryContext& context,
                               const ObjectsRequest& request, SendResponse send,
                               SendObjects send_objects) {
  ASSIGN_OR_RETURN(const std::unique_ptr<AnalysisRun> run,
                   AnalysisRun::Prepare(context, request.source));
  ASSIGN_OR_RETURN(const std::unique_ptr<ObjectList> list,
                   ObjectList::Begin(request.type));
  RETURN_IF_ERROR(run->Run([send](absl::string_view progress) {
    return SendKind(Kind::kProgress, progress, send);
  }));
  RETURN_IF_ERROR(send_objects(FoundObjects(*list)));
  return SendKind(Kind::kEnd, run->EndMessage(), send);
}

absl::StatusOr<ObjectsRequest> ParseListRequest(absl::string_view bytes) {
  ObjectsRequest request;
  RETURN_IF_ERROR(ReadRequestFields<schema::ListExportObjectsRequest>(
      "ListExportObjectsRequest", bytes, [&](auto* message) {
        switch (message->tag()) {
          case schema::ListExportObjectsRequest::kSource:
            request.source = message->get_bytes();
            break;
          case schema::ListExportObjectsRequest::kType:
            request.type = Text(message);
            break;
          default:
            message->skip();
        }
      }));
  return request;
}

absl::StatusOr<ObjectsRequest> ParseReadRequest(absl::string_view bytes) {
  ObjectsRequest request;
  RETURN_IF_ERROR(ReadRequestFields<schema::ReadExportObjectsRequest>(
      "ReadExportObjectsRequest", bytes, [&](auto* message) {
        switch (message->tag()) {
          case schema::ReadExportObjectsRequest::kSource:
            request.source = message->get_bytes();
            break;
          case schema::ReadExportObjectsRequest::kType:
            request.type = Text(message);
            break;
          case schema::ReadExportObjectsRequest::kIndexes:
            // The daemon serialises them packed.
            for (const uint32_t index : message->get_packed_uint32()) {
              request.indexes.push_back(index);
            }
            break;
          default:
            message->skip();
        }
      }));
  return request;
}

absl::StatusOr<std::vector<uint32_t>> ChosenObjects(
    const ObjectsRequest& request, size_t count) {
  std::vector<uint32_t> chosen = request.indexes;
  for (const uint32_t index : chosen) {
    if (index < count) continue;
    return MakeError(
        absl::StatusCode::kNotFound,
        absl::StrCat("There is no object ", index, ": the capture has ", count,
                     " objects of the type \"", request.type, "\"."),
        {"OBJECT_NOT_FOUND", {{"index", absl::StrCat(index)}}, {}});
  }
  if (chosen.empty()) {
    chosen.resize(count);
    for (size_t i = 0; i < count; ++i) chosen[i] = static_cast<uint32_t>(i);
  }
  return chosen;
}

absl::Status SendContent(absl::string_view content, SendResponse send) {
  while (!content.empty()) {
    RETURN_IF_ERROR(SendKind(schema::ReadExportObjectsResponse::kChunk,
                             content.substr(0, kMaxChunkBytes), send));
    content.remove_prefix(std::min(content.size(), kMaxChunkBytes));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ListExportObjects(const QueryContext& context,
                               absl::string_view request, SendResponse send) {
  using Kind = schema::ListExportObjectsResponse;
  ASSIGN_OR_RETURN(const ObjectsRequest parsed, ParseListRequest(request));
  return AnswerWithObjects<Kind>(
      context, parsed, send, [&](const FoundObjects& found) {
        for (size_t i = 0; i < found.size(); ++i) {
          RETURN_IF_ERROR(SendKind(Kind::kObject, found.Describe(i), send));
        }
        return absl::OkStatus();
      });
}

absl::Status ReadExportObjects(const QueryContext& context,
                               absl::string_view request, SendResponse send) {
  using Kind = schema::ReadExportObjectsResponse;
  ASSIGN_OR_RETURN(const ObjectsRequest parsed, ParseReadRequest(request));
  return AnswerWithObjects<Kind>(
      context, parsed, send, [&](const FoundObjects& found) -> absl::Status {
        ASSIGN_OR_RETURN(const std::vector<uint32_t> chosen,
                         ChosenObjects(parsed, found.size()));
        for (const uint32_t index : chosen) {
          RETURN_IF_ERROR(SendKind(Kind::kObject, found.Describe(index), send));
          RETURN_IF_ERROR(SendContent(found.Content(index), send));
        }
        return absl::OkStatus();
      });
}

}  // namespace dissectd::engine
