// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/capture/merge_files.h"

#include <protozero/pbf_builder.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "core/base/status_macros.h"
#include "core/base/wire_bool.h"
#include "core/epan/file_merge.h"
#include "core/epan/packet_writer.h"
#include "core/ipc/worker_channel.h"
#include "core/query/capture/gzip_copy.h"
#include "core/query/capture/written_file.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/export.schema.h"

namespace dissectd::engine {
namespace {

struct MergeRequest {
  FileMerge merge;
  WriteOptions write;
};

absl::StatusOr<MergeRequest> ParseMergeRequest(absl::string_view bytes) {
  MergeRequest request;
  RETURN_IF_ERROR(ReadRequestFields<schema::MergeFilesRequest>(
      "MergeFilesRequest", bytes, [&](auto* message) {
        switch (message->tag()) {
          case schema::MergeFilesRequest::kFiles:
            request.merge.names.push_back(Text(message));
            break;
          case schema::MergeFilesRequest::kAppend:
            request.merge.append = GetBool(message);
            break;
          case schema::MergeFilesRequest::kFileType:
            request.write.file_type = Text(message);
            break;
          case schema::MergeFilesRequest::kCompression:
            request.write.compression =
                static_cast<Compression>(message->get_enum());
            break;
          case schema::MergeFilesRequest::kInterfaces:
            request.merge.interfaces =
                static_cast<InterfaceMerge>(message->get_enum());
            break;
          default:
            message->skip();
        }
      }));
  return request;
}

std::string Response(const MergedFrames& frames, const FileFacts& facts) {
  std::string response;
  protozero::pbf_builder<schema::MergeFilesResponse> message(response);
  protozero::pbf_builder<schema::ExportEnd> end(
      message, schema::MergeFilesResponse::kEnd);
  end.add_uint32(schema::ExportEnd::kFramesWritten, frames.written);
  end.add_uint64(schema::ExportEnd::kSizeBytes, facts.size_bytes);
  end.add_bytes(schema::ExportEnd::kSha256, facts.sha256);
  end.add_uint32(schema::ExportEnd::kFramesRead, frames.read);
  if (frames.read_error.has_value()) {
    end.add_message(schema::ExportEnd::kReadError, *frames.read_error);
  }
  return response;
}

}  // namespace

absl::Status MergeFiles(const QueryContext& context, absl::string_view request,
                        SendResponse send) {
  ASSIGN_OR_RETURN(MergeRequest parsed, ParseMergeRequest(request));
  if (parsed.merge.names.empty() ||
      parsed.merge.names.size() + 1 != context.inputs.size()) {
    return UnexpectedMessage();
  }
  const int scratch = context.inputs.back();
  parsed.merge.inputs.assign(context.inputs.begin(), context.inputs.end() - 1);
  ASSIGN_OR_RETURN(const OutputType type, OutputType::For(parsed.write));
  AllowOutput(context);
  const OutputFile output = {context.output, context.max_output_bytes};
  // wiretap merges only into files that aren't compressed.
  const bool gzip = type.compression() == WTAP_GZIP_COMPRESSED;
  ASSIGN_OR_RETURN(
      const MergedFrames frames,
      MergeCaptures(parsed.merge, type,
                    gzip ? OutputFile{scratch, output.max_bytes} : output));
  if (gzip) RETURN_IF_ERROR(CopyAsGzip(scratch, output));
  ASSIGN_OR_RETURN(const FileFacts facts,
                   ReadWrittenFile(context.output, [](absl::string_view) {
                     return absl::OkStatus();
                   }));
  return send(Response(frames, facts));
}

}  // namespace dissectd::engine
