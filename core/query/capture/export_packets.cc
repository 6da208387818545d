// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/capture/export_packets.h"

#include <memory>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/dissection/capture_edits.h"
#include "core/dissection/opened_capture.h"
#include "core/dissection/packet_export.h"
#include "core/dissection/settings.h"
#include "core/epan/capture_file.h"
#include "core/epan/library.h"
#include "core/epan/packet_writer.h"
#include "core/epan/warning_collector.h"
#include "core/epan/wtap_error.h"
#include "core/query/capture/written_file.h"
#include "core/request/export_request.h"
#include "core/sandbox/worker_sandbox.h"
#include "dissectd/v1/common.schema.h"
#include "dissectd/v1/export.schema.h"

namespace dissectd::engine {
namespace {

// One export of a capture.
class Export {
 public:
  explicit Export(const QueryContext& context) : context_(context) {}

  // Writes the whole file.
  absl::Status Run(absl::string_view request);

  std::string HeaderMessage() const;
  std::string EndMessage(const FileFacts& facts) const;

 private:
  absl::Status Prepare(absl::string_view request);
  // Opens the further files of the capture.
  absl::StatusOr<OpenedCapture::Rest> OpenRest() const;

  const QueryContext& context_;
  ExportRequest request_;
  std::unique_ptr<OutputType> type_;
  std::unique_ptr<PacketExport> export_;
};

absl::Status Export::Prepare(absl::string_view request) {
  ASSIGN_OR_RETURN(request_, ParseExportRequest(request));
  ASSIGN_OR_RETURN(const OutputType type, OutputType::For(request_.write));
  type_ = std::make_unique<OutputType>(type);
  WorkerPolicy policy;
  policy.allow_external_resolver = context_.allow_external_resolver;
  policy.allow_lua = context_.allow_lua;
  policy.restart = context_.restart;
  if (NeedsOwnInitialisation(request_.dissect, policy)) context_.epan->Close();
  return ApplySettings(request_.dissect, policy);
}

absl::Status Export::Run(absl::string_view request) {
  for (const int input : context_.inputs) WorkerSandbox::AllowReading(input);
  RETURN_IF_ERROR(Prepare(request));
  ASSIGN_OR_RETURN(CaptureEdits edits,
                   CaptureEdits::Parse(context_.edits, context_.kept_records));
  AllowOutput(context_);
  ASSIGN_OR_RETURN(
      CaptureFile file,
      CaptureFile::Open(context_.capture, context_.capture_name,
                        request_.dissect.options.two_pass, EmptyFile::kRefuse,
                        request_.dissect.read_format));
  ASSIGN_OR_RETURN(OpenedCapture::Rest rest, OpenRest());
  ASSIGN_OR_RETURN(export_,
                   PacketExport::Create(
                       request_, *type_,
                       OutputFile{context_.output, context_.max_output_bytes},
                       std::move(file), context_.epan, std::move(edits)));
  export_->SetRest(std::move(rest));
  return export_->Run();
}

absl::StatusOr<OpenedCapture::Rest> Export::OpenRest() const {
  OpenedCapture::Rest rest;
  rest.max_records = context_.max_records;
  const std::vector<std::string> names =
      absl::StrSplit(context_.input_names, '\0');
  for (size_t i = 0; i < context_.inputs.size() && i < names.size(); ++i) {
    ASSIGN_OR_RETURN(CaptureFile file,
                     CaptureFile::Open(context_.inputs[i], names[i],
                                       /*random_access=*/true));
    rest.files.push_back(std::move(file));
  }
  return rest;
}

std::string Export::HeaderMessage() const {
  std::string message;
  protozero::pbf_builder<schema::ExportHeader> out(message);
  out.add_string(schema::ExportHeader::kEngineId, ThisEngine().id);
  out.add_string(schema::ExportHeader::kFileType, type_->name());
  out.add_string(schema::ExportHeader::kExtension, type_->Extension());
  out.add_string(schema::ExportHeader::kEncapsulation,
                 export_->writer().Encapsulation());
  for (const std::string& notice : WarningCollector::Collected()) {
    out.add_string(schema::ExportHeader::kNotices, notice);
  }
  return message;
}

std::string Export::EndMessage(const FileFacts& facts) const {
  std::string message;
  protozero::pbf_builder<schema::ExportEnd> out(message);
  out.add_uint32(schema::ExportEnd::kFramesWritten, export_->frames_written());
  out.add_uint64(schema::ExportEnd::kSizeBytes, facts.size_bytes);
  out.add_bytes(schema::ExportEnd::kSha256, facts.sha256);
  out.add_uint32(schema::ExportEnd::kFramesRead, export_->frames_read());
  const CaptureFile& file = export_->file();
  if (file.error().has_value()) {
    protozero::pbf_builder<schema::Failure> error(
        out, schema::ExportEnd::kReadError);
    error.add_string(schema::Failure::kReason, WtapErrorReason(*file.error()));
    error.add_string(
        schema::Failure::kMessage,
        MakeValidUtf8(ReadErrorMessage(*file.error(), file.name())));
  }
  out.add_bool(schema::ExportEnd::kNamesUnsupported,
               request_.write.names && !export_->names_written());
  return message;
}

template <typename Tag, typename Bytes>
std::string Message(Tag tag, const Bytes& bytes) {
  std::string message;
  protozero::pbf_builder<Tag>(message).add_bytes(tag, bytes.data(),
                                                 bytes.size());
  return message;
}

}  // namespace

absl::Status ExportPackets(const QueryContext& context,
                           absl::string_view request, SendResponse send) {
  Export work(context);
  RETURN_IF_ERROR(work.Run(request));
  RETURN_IF_ERROR(send(
      Message(schema::ExportPacketsResponse::kHeader, work.HeaderMessage())));
  ASSIGN_OR_RETURN(
      const FileFacts facts,
      ReadWrittenFile(context.output, [send](absl::string_view chunk) {
        return send(Message(schema::ExportPacketsResponse::kChunk, chunk));
      }));
  return send(
      Message(schema::ExportPacketsResponse::kEnd, work.EndMessage(facts)));
}

absl::Status ExportPacketsToFile(const QueryContext& context,
                                 absl::string_view request, SendResponse send) {
  Export work(context);
  RETURN_IF_ERROR(work.Run(request));
  ASSIGN_OR_RETURN(const FileFacts facts,
                   ReadWrittenFile(context.output, [](absl::string_view) {
                     return absl::OkStatus();
                   }));
  return send(absl::StrCat(Message(schema::ExportPacketsToFileResponse::kHeader,
                                   work.HeaderMessage()),
                           Message(schema::ExportPacketsToFileResponse::kEnd,
                                   work.EndMessage(facts))));
}

}  // namespace dissectd::engine
