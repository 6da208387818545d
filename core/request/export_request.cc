// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/request/export_request.h"

#include <protozero/pbf_message.hpp>

#include "core/base/status_macros.h"
#include "core/base/wire_bool.h"
#include "core/request/request_reading.h"

namespace dissectd::engine {
namespace {

// Field numbers, as in proto/dissectd/v1/export.proto.
enum class RequestTag : protozero::pbf_tag_type { kWrite = 8 };
enum class WriteTag : protozero::pbf_tag_type {
  kFileType = 1,
  kCompression,
  kNames,
  kSectionComments,
};

WriteOptions ReadWriteOptions(protozero::data_view bytes) {
  WriteOptions options;
  protozero::pbf_message<WriteTag> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case WriteTag::kFileType:
        options.file_type = Text(&message);
        break;
      case WriteTag::kCompression:
        options.compression = static_cast<Compression>(message.get_enum());
        break;
      case WriteTag::kNames:
        options.names = GetBool(&message);
        break;
      case WriteTag::kSectionComments:
        options.section_comments.push_back(Text(&message));
        break;
      default:
        message.skip();
    }
  }
  return options;
}

WriteOptions ReadExportRequest(absl::string_view bytes) {
  WriteOptions options;
  protozero::pbf_message<RequestTag> message(bytes.data(), bytes.size());
  while (message.next()) {
    if (message.tag() == RequestTag::kWrite) {
      options = ReadWriteOptions(message.get_view());
    } else {
      message.skip();
    }
  }
  return options;
}

}  // namespace

absl::StatusOr<ExportRequest> ParseExportRequest(absl::string_view bytes) {
  ExportRequest request;
  // What both requests have has the same numbers in both.
  ASSIGN_OR_RETURN(request.dissect, ParseDissectRequest(bytes));
  ASSIGN_OR_RETURN(request.write,
                   ReadRequestWith("ExportPacketsRequest", [bytes] {
                     return ReadExportRequest(bytes);
                   }));
  return request;
}

}  // namespace dissectd::engine
