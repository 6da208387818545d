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
      default:
        message.skip();
    }
  }
  return options;
}

WriteOptions ReadExportRequest(absl::string_view bytes) {
  WriteOptions options;
  protozero::pbf_message<schema::ExportPacketsRequest> message(bytes.data(),
                                                               bytes.size());
  while (message.next()) {
    if (message.tag() == schema::ExportPacketsRequest::kWrite) {
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
  // Fields that both requests have have the same numbers.
  ASSIGN_OR_RETURN(request.dissect, ParseDissectRequest(bytes));
  ASSIGN_OR_RETURN(request.write,
                   ReadRequestWith("ExportPacketsRequest", [bytes] {
                     return ReadExportRequest(bytes);
                   }));
  return request;
}

}  // namespace dissectd::engine
