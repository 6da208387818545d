// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/open_session.h"

#include <protozero/pbf_builder.hpp>
#include <string>
#include <utility>

#include "core/base/single_thread.h"
#include "core/base/status_macros.h"
#include "core/dissection/capture_edits.h"
#include "core/encode/coloring_rules.h"
#include "core/epan/capture_file.h"
#include "core/epan/geoip.h"
#include "core/query/query_settings.h"
#include "core/request/dissect_request.h"
#include "core/request/request_reading.h"
#include "core/session/frame_links.h"
#include "dissectd/v1/session.schema.h"

namespace dissectd::engine {
namespace {

absl::StatusOr<DissectRequest> ParseOpenSessionRequest(
    absl::string_view bytes) {
  DissectRequest settings;
  std::string options;
  RETURN_IF_ERROR(ReadRequestFields<schema::OpenSessionRequest>(
      "OpenSessionRequest", bytes, [&](auto* message) {
        switch (message->tag()) {
          case schema::OpenSessionRequest::kOptions:
            options = message->get_bytes();
            break;
          case schema::OpenSessionRequest::kReadFormat:
            settings.read_format = Text(message);
            break;
          default:
            message->skip();
        }
      }));
  ASSIGN_OR_RETURN(settings.options, ParseDissectionOptions(options));
  settings.options.two_pass = true;
  return settings;
}

std::string Response(const SessionCapture& session) {
  std::string response;
  protozero::pbf_builder<schema::OpenSessionResponse> out(response);
  protozero::pbf_builder<schema::Session> opened(
      out, schema::OpenSessionResponse::kSession);
  opened.add_message(schema::Session::kFileInfo, session.file_info());
  return response;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SessionCapture>> OpenSession(
    const QueryContext& context, absl::string_view request, SendResponse send) {
  ASSIGN_OR_RETURN(DissectRequest settings, ParseOpenSessionRequest(request));
  ASSIGN_OR_RETURN(CaptureEdits edits,
                   CaptureEdits::Parse(context.edits, context.kept_records));
  // Settings may take the right to read files away.
  LoadColoringRules();
  RETURN_IF_ERROR(ApplyQuerySettings(context, settings));
  if (!HasSingleThread()) ForgoGeoIp();
  ASSIGN_OR_RETURN(CaptureFile file,
                   CaptureFile::Open(context.capture, context.capture_name,
                                     /*random_access=*/true, EmptyFile::kRefuse,
                                     settings.read_format));
  // As in tshark, filters are compiled before the epan is opened.
  ASSIGN_OR_RETURN(DisplayFilterPtr read_filter,
                   OpenedCapture::CompileReadFilter(settings.options));
  auto session = std::make_unique<SessionCapture>(
      std::move(settings), std::move(read_filter), std::move(file),
      context.epan, std::move(edits));
  FrameNumberFields();
  RETURN_IF_ERROR(send(Response(*session)));
  return session;
}

}  // namespace dissectd::engine
