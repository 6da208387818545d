// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/request/export_request.h"

#include <protozero/pbf_message.hpp>

#include "core/base/status_macros.h"
#include "core/base/wire_bool.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/export.schema.h"

namespace dissectd::engine {
namespace {

WriteOptions ReadWriteOptions(protozero::data_view bytes) {
  WriteOptions options;
  std::vector<std::string> raw_comments;
  protozero::pbf_message<schema::WriteOptions> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::WriteOptions::kFileType:
        options.file_type = Text(&message);
        break;
      case schema::WriteOptions::kCompression:
        options.compression = static_cast<Compression>(message.get_enum());
        break;
      case schema::WriteOptions::kNames:
        options.names = GetBool(&message);
        break;
      case schema::WriteOptions::kSectionComments:
        options.section_comments.push_back(Text(&message));
        break;
      case schema::WriteOptions::kRawSectionComments:
        raw_comments.push_back(Text(&message));
        break;
      default:
        message.skip();
    }
  }
  options.section_comments.insert(options.section_comments.end(),
                                  raw_comments.begin(), raw_comments.end());
  return options;
}

void ReadSelection(protozero::data_view bytes, ExportRequest* request) {
  View& view = request->dissect.view;
  TextOrBytes display_filter;
  protozero::pbf_message<schema::FrameSelection> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::FrameSelection::kDisplayFilter:
        display_filter.ReadText(&message);
        break;
      case schema::FrameSelection::kRawDisplayFilter:
        display_filter.ReadBytes(&message);
        break;
      case schema::FrameSelection::kRange: {
        const protozero::data_view range = message.get_view();
        view.range = ReadFrameRange({range.data(), range.size()});
        break;
      }
      case schema::FrameSelection::kMarkedOnly:
        request->marked_only = GetBool(&message);
        break;
      case schema::FrameSelection::kWithoutIgnored:
        request->without_ignored = GetBool(&message);
        break;
      default:
        message.skip();
    }
  }
  view.display_filter = display_filter.value();
}

}  // namespace

absl::StatusOr<WriteOptions> ParseWriteOptions(absl::string_view bytes) {
  return ReadRequestWith("WriteOptions", [bytes] {
    return ReadWriteOptions({bytes.data(), bytes.size()});
  });
}

absl::StatusOr<ExportRequest> ParseExportRequest(absl::string_view bytes) {
  ExportRequest request;
  absl::string_view options;
  RETURN_IF_ERROR(ReadRequestFields<schema::ExportPacketsRequest>(
      "ExportPacketsRequest", bytes, [&](auto* message) {
        switch (message->tag()) {
          case schema::ExportPacketsRequest::kSelection:
            ReadSelection(message->get_view(), &request);
            break;
          case schema::ExportPacketsRequest::kOptions: {
            const protozero::data_view view = message->get_view();
            options = {view.data(), view.size()};
            break;
          }
          case schema::ExportPacketsRequest::kWrite:
            request.write = ReadWriteOptions(message->get_view());
            break;
          case schema::ExportPacketsRequest::kReadFormat:
            request.dissect.read_format = Text(message);
            break;
          default:
            message->skip();
        }
      }));
  RETURN_IF_ERROR(CheckFrameRange(request.dissect.view.range));
  ASSIGN_OR_RETURN(request.dissect.options, ParseDissectionOptions(options));
  return request;
}

}  // namespace dissectd::engine
