// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/filter_command.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "clients/cli/error_text.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/terminal_text.h"
#include "clients/cli/utf8.h"
#include "dissectd/v1/filter.grpc.pb.h"

namespace dissectd::cli {
namespace {

struct FilterOptions {
  std::string filter;
  // Further words of a filter that isn't quoted.
  std::vector<std::string> words;
  bool explain = false;
};

void Print(absl::string_view text) {
  std::fputs(Printable(text, LineBreaks::kKeep).c_str(), stdout);
}

std::string TypeName(v1::FieldType type) {
  const std::string name = v1::FieldType_Name(type);
  return std::string(absl::StripPrefix(name, "FIELD_TYPE_"));
}

void PrintFields(const v1::CompileFilterResponse& response) {
  std::printf("\nFields:\n");
  for (const v1::Field& field : response.fields()) {
    Print(absl::StrCat(field.name(), "\t", TypeName(field.type()), "\t",
                       field.display_name(), "\n"));
  }
}

void Explain(const v1::CompileFilterResponse& response) {
  Print(absl::StrCat("Filter:\n", response.expanded_filter(), "\n"));
  for (const v1::FilterDiagnostic& diagnostic : response.diagnostics()) {
    Print(absl::StrCat("\nWarning:\n", diagnostic.message(), "\n"));
  }
  // An empty filter has neither a tree nor instructions.
  if (response.fields_size() > 0) PrintFields(response);
  if (!response.byte_code().empty()) {
    Print(absl::StrCat("\n", response.byte_code()));
  }
}

void PrintProblems(const v1::CompileFilterResponse& response) {
  for (const v1::FilterDiagnostic& diagnostic : response.diagnostics()) {
    const std::string marked =
        diagnostic.has_span()
            ? MarkedText(response.expanded_filter(), diagnostic.span())
            : "";
    PrintError(absl::StrCat(diagnostic.message(), marked));
  }
}

ExitCode RunFilter(const std::shared_ptr<grpc::Channel>& channel,
                   const FilterOptions& options) {
  v1::CompileFilterRequest request;
  std::vector<std::string> words = {options.filter};
  words.insert(words.end(), options.words.begin(), options.words.end());
  AssignText(absl::StrJoin(words, " "), request.mutable_filter(),
             request.mutable_raw_filter());
  request.set_with_byte_code(options.explain);
  grpc::ClientContext context;
  v1::CompileFilterResponse response;
  const grpc::Status status =
      v1::FilterService::NewStub(channel)->CompileFilter(&context, request,
                                                         &response);
  if (!status.ok()) return ReportStatus(status);
  if (!response.valid()) {
    PrintProblems(response);
    return kExitBadFilter;
  }
  if (options.explain) {
    Explain(response);
  } else {
    std::puts("ok");
  }
  return kExitOk;
}

}  // namespace

void AddFilterCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "filter", "Check a display filter; prints ok if it is valid");
  const auto options = std::make_shared<FilterOptions>();
  // CLI11 would take a filter in brackets for a list of values if all words
  // were one option.
  AddOperand(command, "FILTER", &options->filter, "The display filter");
  command->add_option("WORD", options->words, "More words of the filter")
      ->type_name("");
  command->add_flag("--explain", options->explain,
                    "Print it with its macros expanded, the fields it refers "
                    "to, what is deprecated, and its byte code");
  AllowAnyBytes(*command, {"FILTER", "WORD"});
  AddExamples(command, {"dissectctl filter tcp.port == 80",
                        "dissectctl filter --explain 'ip.addr == 192.0.2.1'"});
  command->callback([options, action] {
    *action = [options](const std::shared_ptr<grpc::Channel>& channel) {
      return RunFilter(channel, *options);
    };
  });
}

}  // namespace dissectd::cli
