// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/write_options.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/utf8.h"

namespace dissectd::cli {
namespace {

absl::Status CheckExtra(const std::string& letters, v1::WriteOptions* write) {
  for (const char letter : letters) {
    if (letter != 'n') {
      return absl::InvalidArgumentError(
          absl::StrCat("Invalid -W argument \"", letters,
                       "\"; it must be one of:\n"
                       "\t'n' write network address resolution information "
                       "(pcapng only)"));
    }
    write->set_names(true);
  }
  return absl::OkStatus();
}

// Sends all comments as bytes if one of them isn't UTF-8, which keeps their
// order.
void AssignComments(const std::vector<std::string>& comments,
                    v1::WriteOptions* write) {
  const bool as_text =
      std::all_of(comments.begin(), comments.end(), IsValidUtf8);
  auto* assigned = as_text ? write->mutable_section_comments()
                           : write->mutable_raw_section_comments();
  assigned->Add(comments.begin(), comments.end());
}

// Sets the session as the source of the request, or the options for a file.
absl::Status SetSource(const ReadOptions& read, const RawWriteOptions& raw,
                       v1::ExportPacketsRequest* request) {
  if (!read.session.empty()) {
    request->set_session(read.session);
    return absl::OkStatus();
  }
  if (raw.marked || raw.without_ignored) {
    return absl::InvalidArgumentError(
        "Only frames of a session can be marked or ignored; see --session.");
  }
  *request->mutable_options() = read.print.dissection;
  request->set_read_format(read.read_format);
  return absl::OkStatus();
}

}  // namespace

void AddWriteOptions(CLI::App* command, RawWriteOptions* raw) {
  AddSelectionOptions(command, &raw->read);
  command->add_flag("--marked", raw->marked,
                    "Only frames that are marked (with --session)");
  command->add_flag("--without-ignored", raw->without_ignored,
                    "Leave out frames that are ignored (with --session)");
  AddValue(command, "-w", &raw->output,
           "File to write to; - for standard output")
      ->type_name("FILE")
      ->required()
      ->group("Output");
  AddValue(command, "-F", &raw->file_type,
           "The file type; pcapng by default, an unknown one lists all")
      ->type_name("TYPE")
      ->group("Output");
  AddValue(command, "-W", &raw->extra, "Also write: n for names of addresses")
      ->type_name("LETTERS")
      ->group("Output");
  AddList(command, "--capture-comment", &raw->comments,
          "A comment of the whole file")
      ->type_name("COMMENT")
      ->group("Output");
  AllowAnyBytes(*command, {"-w", "--capture-comment"});
  // For `dissectctl tshark`.
  command->add_flag("--also-read", raw->read.print.keys.also_read)->group("");
  command->add_flag("--gzip", raw->gzip, "Compress the file")->group("Output");
}

absl::Status CheckWriteOptions(const CLI::App& command,
                               const RawWriteOptions& raw,
                               WriteCommandOptions* options) {
  ReadOptions read;
  RETURN_IF_ERROR(CheckSelectionOptions(command, raw.read, &read));
  options->file = read.file;
  options->local = read.local;
  options->output = raw.output;
  options->also_read = raw.read.print.keys.also_read;
  options->missing_keys = read.print.missing_keys();
  options->as_tshark = read.print.as_tshark;
  v1::ExportPacketsRequest& request = options->request;
  v1::FrameSelection* selection = request.mutable_selection();
  AssignText(read.print.display_filter, selection->mutable_display_filter(),
             selection->mutable_raw_display_filter());
  selection->mutable_range()->set_last_frame(read.count);
  selection->mutable_range()->set_limit(read.limit);
  selection->mutable_range()->MergeFrom(read.times);
  selection->set_marked_only(raw.marked);
  selection->set_without_ignored(raw.without_ignored);
  RETURN_IF_ERROR(SetSource(read, raw, &request));
  v1::WriteOptions* write = request.mutable_write();
  if (IsGiven(command, "-F") && raw.file_type.empty()) {
    return absl::InvalidArgumentError("\"\" isn't a valid capture file type");
  }
  write->set_file_type(raw.file_type);
  if (raw.gzip) write->set_compression(v1::COMPRESSION_GZIP);
  // A hosts file implies that names are written.
  write->set_names(!raw.read.print.hosts_files.empty());
  RETURN_IF_ERROR(CheckExtra(raw.extra, write));
  AssignComments(raw.comments, write);
  return absl::OkStatus();
}

}  // namespace dissectd::cli
