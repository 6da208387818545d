// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/read_options.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "clients/cli/number_options.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/resource_names.h"
#include "clients/cli/session_options.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/utf8.h"

namespace dissectd::cli {
namespace {

// Returns the words of the filter. Without a file, its first one is in the
// place of the file.
std::vector<std::string> FilterWords(const RawReadOptions& raw) {
  std::vector<std::string> words = raw.filter_words;
  if (!raw.session.empty() && !raw.file.empty()) {
    words.insert(words.begin(), raw.file);
  }
  return words;
}

// Whether the first word of a filter is rather the name of a file.
bool LooksLikeCapture(absl::string_view word) {
  return absl::EndsWith(word, ".pcap") || absl::EndsWith(word, ".pcapng") ||
         absl::EndsWith(word, ".gz");
}

absl::Status CheckFilters(const CLI::App& command, const RawReadOptions& raw,
                          PrintOptions* options) {
  const std::vector<std::string> words = FilterWords(raw);
  if (!raw.session.empty() && LooksLikeCapture(raw.file)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", raw.file,
        "\" can't be combined with --session, which takes the place of FILE."));
  }
  if (!words.empty()) {
    if (IsGiven(command, "-Y")) {
      return absl::InvalidArgumentError(
          "Display filters were specified both with \"-Y\" and with "
          "additional command-line arguments.");
    }
    options->display_filter = absl::StrJoin(words, " ");
  }
  if (IsGiven(command, "-R") && !raw.two_pass) {
    return absl::InvalidArgumentError(
        "-R without -2 is deprecated. For single-pass filtering use -Y.");
  }
  options->dissection.set_two_pass(raw.two_pass);
  AssignText(raw.read_filter, options->dissection.mutable_read_filter(),
             options->dissection.mutable_raw_read_filter());
  return absl::OkStatus();
}

// Adds what names a capture, and a part of its frames.
void AddFileOptions(CLI::App* command, RawReadOptions* raw) {
  AddOperand(command, "FILE", &raw->file,
             "Name of a capture in the daemon's store (see \"dissectctl files "
             "list\"), or its end after a \"/\"; with --local, the path of a "
             "file of this machine");
  command->add_flag(
      "--local", raw->local,
      "FILE is a file of this machine, which is uploaded first, and "
      "deleted from the store afterwards; a large one is kept there for a day, "
      "so that it is found the next time");

  command->add_flag("-2", raw->two_pass, "Read the capture in two passes")
      ->group("Processing");
  AddValue(command, "-c", &raw->count, "Stop after N packets")
      ->type_name("N")
      ->group("Processing");
  // For `dissectctl tshark`.
  AddValue(command, "--limit", &raw->limit, "")->type_name("N")->group("");
  AddTimeRangeOptions(command, &raw->times);
  AddValue(command, "-R,--read-filter", &raw->read_filter,
           "Only frames that pass this display filter go to the second pass "
           "(with -2)")
      ->type_name("FILTER")
      ->group("Processing");
  AddValue(
      command, "--read-format", &raw->read_format,
      "Read the file in this format instead of recognising it, for example "
      "\"MIME Files Format\"; a wrong one lists others")
      ->type_name("NAME")
      ->group("Processing");
  AllowAnyBytes(*command, {"FILE", "-R"});
}

// Adds the words of a display filter, which follow the file.
void AddFilterWords(CLI::App* command, RawReadOptions* raw) {
  command
      ->add_option("FILTER", raw->filter_words,
                   "A display filter, as an alternative to -Y")
      ->type_name("");
  AllowAnyBytes(*command, {"FILTER"});
}

// Lets a session take the place of the file.
void AddSessionOption(CLI::App* command, RawReadOptions* raw) {
  command->get_option("FILE")->required(false);
  AddValue(command, "--session", &raw->session,
           "Name of a session, instead of FILE (see \"dissectctl session\")")
      ->type_name("SESSION")
      ->check(NotEmpty());
  command->parse_complete_callback([command, raw] {
    if (raw->session.empty() && !IsGiven(*command, "FILE")) {
      throw CLI::RequiredError("FILE");
    }
  });
}

// Checks what names the capture.
absl::Status CheckCapture(const CLI::App& command, const RawReadOptions& raw,
                          ReadOptions* options) {
  options->local = raw.local;
  options->read_format = raw.read_format;
  if (raw.session.empty()) {
    options->file = raw.file;
    return raw.local ? absl::OkStatus() : CheckServerName(raw.file);
  }
  options->session = SessionResourceName(raw.session);
  if (IsGiven(command, "--local")) {
    return absl::InvalidArgumentError(
        "--local is about FILE; it can't be combined with --session.");
  }
  if (IsGiven(command, "-2")) {
    return absl::InvalidArgumentError(
        "-2 can't be combined with --session: sessions always read their "
        "captures in two passes.");
  }
  for (const char* const option : {"-R", "--read-format"}) {
    if (IsGiven(command, option)) return NotForSessions(option);
  }
  return CheckSessionOptions(command);
}

absl::Status CheckFileOptions(const CLI::App& command,
                              const RawReadOptions& raw, ReadOptions* options) {
  options->analysis = raw.analysis;
  RETURN_IF_ERROR(CheckCapture(command, raw, options));
  RETURN_IF_ERROR(CheckFilters(command, raw, &options->print));
  if (IsGiven(command, "-c")) {
    ASSIGN_OR_RETURN(options->count, ParsePositive("packet count", raw.count));
  }
  if (IsGiven(command, "--limit")) {
    ASSIGN_OR_RETURN(options->limit,
                     ParsePositive("packet write count", raw.limit));
  }
  return CheckTimeRange(command, raw.times, &options->times);
}

}  // namespace

void AddSelectionOptions(CLI::App* command, RawReadOptions* raw) {
  AddFileOptions(command, raw);
  AddFilterWords(command, raw);
  AddDisplayFilterOption(command, &raw->print);
  AddProcessingOptions(command, &raw->print);
  AddSessionOption(command, raw);
}

void AddWholeCaptureOptions(CLI::App* command, RawReadOptions* raw) {
  AddFileOptions(command, raw);
  AddProcessingOptions(command, &raw->print);
  AddSessionOption(command, raw);
  // Elsewhere, it would be the first word of a filter.
  command->get_option("FILE")->excludes(command->get_option("--session"));
}

absl::Status CheckSelectionOptions(const CLI::App& command,
                                   const RawReadOptions& raw,
                                   ReadOptions* options) {
  options->print.capture_name = raw.file;
  RETURN_IF_ERROR(CheckProcessingOptions(command, raw.print, &options->print));
  return CheckFileOptions(command, raw, options);
}

void AddReadOptions(CLI::App* command, RawReadOptions* raw) {
  AddFileOptions(command, raw);
  AddFilterWords(command, raw);
  AddSessionOption(command, raw);
  AddAnalysisOptions(command, &raw->analysis);
  AddPrintOptions(command, &raw->print);
}

absl::Status CheckReadOptions(const CLI::App& command,
                              const RawReadOptions& raw, ReadOptions* options) {
  options->print.capture_name = raw.file;
  RETURN_IF_ERROR(CheckPrintOptions(command, raw.print,
                                    /*print_by_default=*/true,
                                    &options->print));
  return CheckFileOptions(command, raw, options);
}

}  // namespace dissectd::cli
