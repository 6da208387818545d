// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/session_edit.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/checked_command.h"
#include "clients/cli/edit_values.h"
#include "clients/cli/error_text.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/resource_names.h"
#include "clients/cli/shell_word.h"
#include "clients/cli/status_macros.h"
#include "dissectd/v1/session.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {
namespace {

using SetOf = v1::FrameSet* (v1::SessionEdit::*)();

// An option that does something to frames, or undoes it.
struct FrameMark {
  const char* option;
  const char* help;
  SetOf set;
  bool undo;
};

constexpr FrameMark kFrameMarks[] = {
    {"--mark", "Mark frames, given by numbers and ranges, such as 3,7-9",
     &v1::SessionEdit::mutable_mark, /*undo=*/false},
    {"--unmark", "Mark frames no more", &v1::SessionEdit::mutable_mark,
     /*undo=*/true},
    {"--ignore", "Don't dissect frames", &v1::SessionEdit::mutable_ignore,
     /*undo=*/false},
    {"--unignore", "Dissect frames again", &v1::SessionEdit::mutable_ignore,
     /*undo=*/true},
    {"--time-reference",
     "Let the relative times of later frames begin with these frames",
     &v1::SessionEdit::mutable_time_reference, /*undo=*/false},
    {"--no-time-reference",
     "Let relative times no longer begin with these frames",
     &v1::SessionEdit::mutable_time_reference, /*undo=*/true},
};

struct RawEditOptions {
  std::string session;
  // The lists of frames, by the options.
  std::map<std::string, std::vector<std::string>> frames;
  std::vector<std::string> comments;
  std::vector<std::string> without_comments;
  std::vector<std::string> file_comments;
  bool no_file_comments = false;
  std::string shift;
};

struct EditOptions {
  v1::EditSessionRequest request;
};

const FrameMark* FindFrameMark(const CLI::Option& option) {
  for (const FrameMark& mark : kFrameMarks) {
    if (option.check_name(mark.option)) return &mark;
  }
  return nullptr;
}

// Adds what is done to frames in the order of the command line.
absl::Status AddFrames(const CLI::App& command, const RawEditOptions& raw,
                       v1::EditSessionRequest* request) {
  std::map<const FrameMark*, size_t> used;
  for (const CLI::Option* option : command.parse_order()) {
    const FrameMark* const mark = FindFrameMark(*option);
    if (mark == nullptr) continue;
    const std::string& text = raw.frames.at(mark->option).at(used[mark]++);
    ASSIGN_OR_RETURN(const std::vector<uint32_t> frames, ParseFrames(text));
    v1::FrameSet* const edit = (request->add_edits()->*mark->set)();
    edit->mutable_frame_numbers()->Add(frames.begin(), frames.end());
    edit->set_undo(mark->undo);
  }
  return absl::OkStatus();
}

// All comments of a frame replace those that it has.
absl::Status AddFrameComments(const RawEditOptions& raw,
                              v1::EditSessionRequest* request) {
  std::map<uint32_t, v1::FrameComments> comments;
  for (const std::string& text : raw.comments) {
    ASSIGN_OR_RETURN(const auto comment, ParseFrameComment(text));
    comments[comment.first].add_comments(comment.second);
  }
  for (const std::string& text : raw.without_comments) {
    ASSIGN_OR_RETURN(const std::vector<uint32_t> frames, ParseFrames(text));
    for (const uint32_t frame : frames) {
      if (comments[frame].comments().empty()) continue;
      return absl::InvalidArgumentError(absl::StrCat(
          "Frame ", frame,
          " is named by both --comment and --no-comments; --comment replaces "
          "the comments that a frame has."));
    }
  }
  for (auto& [frame, edit] : comments) {
    edit.set_frame_number(frame);
    *request->add_edits()->mutable_frame_comments() = edit;
  }
  return absl::OkStatus();
}

absl::Status CheckEditOptions(const CLI::App& command,
                              const RawEditOptions& raw, EditOptions* options) {
  v1::EditSessionRequest& request = options->request;
  request.set_name(SessionResourceName(raw.session));
  RETURN_IF_ERROR(AddFrames(command, raw, &request));
  RETURN_IF_ERROR(AddFrameComments(raw, &request));
  if (raw.no_file_comments || !raw.file_comments.empty()) {
    v1::SectionComments* const edit =
        request.add_edits()->mutable_section_comments();
    for (const std::string& comment : raw.file_comments) {
      edit->add_comments(comment);
    }
  }
  if (command.get_option("--shift")->count() > 1) {
    return absl::InvalidArgumentError(
        "--shift is given more than once; a session has one shift of all "
        "times.");
  }
  if (IsGiven(command, "--shift")) {
    ASSIGN_OR_RETURN(
        *request.add_edits()->mutable_time_shift()->mutable_offset(),
        ParseShift(raw.shift));
  }
  return absl::OkStatus();
}

void PrintLine(absl::string_view option, const std::string& value) {
  std::printf("%s %s\n", std::string(option).c_str(), ShellWord(value).c_str());
}

void PrintFrames(const v1::FrameSet& frames, const char* option) {
  PrintLine(option, FramesText({frames.frame_numbers().begin(),
                                frames.frame_numbers().end()}));
}

void PrintFrameComments(const v1::FrameComments& edit) {
  if (edit.comments().empty()) {
    PrintLine("--no-comments", absl::StrCat(edit.frame_number()));
  }
  for (const std::string& comment : edit.comments()) {
    PrintLine("--comment", absl::StrCat(edit.frame_number(), ":", comment));
  }
}

void PrintSectionComments(const v1::SectionComments& edit) {
  if (edit.comments().empty()) std::printf("--no-capture-comments\n");
  for (const std::string& comment : edit.comments()) {
    PrintLine("--capture-comment", comment);
  }
}

// Prints an edit as the option that makes it.
void PrintEdit(const v1::SessionEdit& edit) {
  switch (edit.edit_case()) {
    case v1::SessionEdit::kFrameComments:
      return PrintFrameComments(edit.frame_comments());
    case v1::SessionEdit::kSectionComments:
      return PrintSectionComments(edit.section_comments());
    case v1::SessionEdit::kMark:
      return PrintFrames(edit.mark(), "--mark");
    case v1::SessionEdit::kIgnore:
      return PrintFrames(edit.ignore(), "--ignore");
    case v1::SessionEdit::kTimeReference:
      return PrintFrames(edit.time_reference(), "--time-reference");
    case v1::SessionEdit::kTimeShift:
      return PrintLine("--shift", ShiftText(edit.time_shift().offset()));
    case v1::SessionEdit::EDIT_NOT_SET:
      return;
  }
}

ExitCode PrintEdits(const std::shared_ptr<grpc::Channel>& channel,
                    const std::string& session) {
  grpc::ClientContext context;
  v1::GetSessionEditsRequest request;
  request.set_name(session);
  v1::GetSessionEditsResponse response;
  const grpc::Status status =
      v1::SessionService::NewStub(channel)->GetSessionEdits(&context, request,
                                                            &response);
  for (const v1::SessionEdit& edit : response.edits()) PrintEdit(edit);
  return ReportStatus(status);
}

ExitCode RunEdit(const std::shared_ptr<grpc::Channel>& channel,
                 const EditOptions& options) {
  if (options.request.edits().empty()) {
    return PrintEdits(channel, options.request.name());
  }
  grpc::ClientContext context;
  v1::EditSessionResponse response;
  return ReportStatus(v1::SessionService::NewStub(channel)->EditSession(
      &context, options.request, &response));
}

void AddFrameOptions(CLI::App* command, RawEditOptions* raw) {
  for (const FrameMark& mark : kFrameMarks) {
    AddList(command, mark.option, &raw->frames[mark.option], mark.help)
        ->type_name("FRAMES");
  }
}

}  // namespace

void AddSessionEditCommand(CLI::App* parent, Action* action) {
  CLI::App* command =
      parent->add_subcommand("edit", "Change what a session shows and writes");
  const auto raw = std::make_shared<RawEditOptions>();
  AddOperand(command, "SESSION", &raw->session,
             "Name of the session, whose edits are printed if no option is "
             "given")
      ->check(NotEmpty());
  AddFrameOptions(command, raw.get());
  AddList(command, "--comment", &raw->comments,
          "A comment for a frame, such as \"3:lost here\"; all that are given "
          "replace those that the frame has")
      ->type_name("FRAME:COMMENT");
  AddList(command, "--no-comments", &raw->without_comments,
          "Remove the comments of frames")
      ->type_name("FRAMES");
  AddList(command, "--capture-comment", &raw->file_comments,
          "A comment of the whole file; all that are given replace those that "
          "it has")
      ->type_name("COMMENT");
  command
      ->add_flag("--no-capture-comments", raw->no_file_comments,
                 "Remove the comments of the whole file")
      ->excludes(command->get_option("--capture-comment"));
  AddValue(command, "--shift", &raw->shift,
           "Add a time to that of each frame in the file, as editcap -t does; "
           "0 restores the times")
      ->type_name("SECONDS");
  AddExamples(command,
              {"session=$(dissectctl session open dns.pcap)",
               "dissectctl session edit \"$session\" --mark 1,3-4 --ignore 2",
               "dissectctl session edit \"$session\" --comment 3:lost",
               "dissectctl session edit \"$session\" --shift=-0.5",
               "dissectctl session edit \"$session\"",
               "dissectctl session close \"$session\""});
  SetCheckedAction(command, raw, CheckEditOptions, RunEdit, action);
}

}  // namespace dissectd::cli
