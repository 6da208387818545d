// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_filter/filter_compiler.h"

#include <sys/wait.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/request_limits.h"
#include "server/capture_filter/filter_compiler_exit.h"
#include "server/dumpcap/capture_errors.h"
#include "server/process/command_runner.h"
#include "server/process/process_errors.h"
#include "server/process/subprocess.h"

namespace dissectd::server {
namespace {

using Json = nlohmann::json;

// Longer than any name of a link-layer type.
constexpr size_t kMaxNameBytes = 256;

// Most filters take milliseconds, but some of a few KiB take libpcap minutes.
constexpr std::chrono::seconds kDeadline(5);

constexpr char kDefaultLinkType[] = "EN10MB";

absl::Status CompilerHangs() {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "libpcap takes too long to compile the capture filter.",
                   {"FILTER_COMPILER_HANGS", {}, {}});
}

absl::Status CompilerFailed(absl::string_view how) {
  return MakeError(
      absl::StatusCode::kInternal,
      absl::StrCat("The program that compiles capture filters ", how, "."),
      {"FILTER_COMPILER_FAILED", {}, {}});
}

bool IsArgument(absl::string_view text) {
  return !absl::StrContains(text, '\0') && text.size() <= kMaxNameBytes;
}

// Returns why the filter can't be passed to libpcap; empty if it can.
std::string WhyNotAFilter(absl::string_view filter) {
  if (filter.size() > kMaxFilterBytes) {
    return absl::StrCat("the filter is ", filter.size(),
                        " bytes; the limit is ", kMaxFilterBytes);
  }
  const size_t nul = filter.find('\0');
  if (nul != absl::string_view::npos) {
    return absl::StrCat("the filter has a NUL at byte ", nul);
  }
  return std::string();
}

Command CommandFor(const std::string& program, absl::string_view link_type,
                   const v1::CompileCaptureFilterRequest& request) {
  Command command = {
      program,
      {absl::StrCat("--link-type=", link_type),
       absl::StrCat("--filter=", request.filter()),
       absl::StrCat("--snap-length=", request.snapshot_length())}};
  if (request.unoptimized()) command.arguments.emplace_back("--unoptimized");
  if (IsArgument(request.interface()) && !request.interface().empty()) {
    command.arguments.push_back(
        absl::StrCat("--interface=", request.interface()));
  }
  command.overrides = {"LC_ALL=C"};
  return command;
}

// The functions below distrust the program that prints the answer, as a filter
// may have taken it over: each returns whether its part is valid.

bool Read(const Json& object, const char* key, std::string* text) {
  const auto member = object.find(key);
  if (member == object.end() || !member->is_string()) return false;
  *text = member->get_ref<const std::string&>();
  return true;
}

bool Read(const Json& value, uint32_t* number) {
  if (!value.is_number_unsigned()) return false;
  const auto wide = value.get<uint64_t>();
  *number = static_cast<uint32_t>(wide);
  return wide <= std::numeric_limits<uint32_t>::max();
}

bool Read(const Json& value, v1::BpfInstruction* instruction) {
  uint32_t parts[4];
  if (!value.is_array() || value.size() != std::size(parts)) return false;
  for (size_t i = 0; i < std::size(parts); ++i) {
    if (!Read(value[i], &parts[i])) return false;
  }
  instruction->set_code(parts[0]);
  instruction->set_jump_true(parts[1]);
  instruction->set_jump_false(parts[2]);
  instruction->set_operand(parts[3]);
  return true;
}

bool Read(const Json& answer, v1::LinkType* link_type) {
  const auto member = answer.find("link_type");
  if (member == answer.end() || !member->is_object()) return false;
  const auto number_member = member->find("number");
  uint32_t number = 0;
  if (number_member == member->end() || !Read(*number_member, &number)) {
    return false;
  }
  link_type->set_number(static_cast<int32_t>(number));
  return Read(*member, "name", link_type->mutable_name()) &&
         Read(*member, "description", link_type->mutable_description());
}

bool ReadInstructions(const Json& answer,
                      v1::CompileCaptureFilterResponse* response) {
  const auto instructions = answer.find("instructions");
  if (instructions == answer.end() || !instructions->is_array()) return false;
  for (const Json& instruction : *instructions) {
    if (!Read(instruction, response->add_instructions())) return false;
  }
  return true;
}

bool ReadAnswer(const std::string& text,
                v1::CompileCaptureFilterResponse* response) {
  const Json answer = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!answer.is_object()) return false;
  const auto valid = answer.find("valid");
  if (valid == answer.end() || !valid->is_boolean()) return false;
  response->set_valid(valid->get<bool>());
  return Read(answer, "message", response->mutable_message()) &&
         Read(answer, "listing", response->mutable_listing()) &&
         Read(answer, response->mutable_link_type()) &&
         ReadInstructions(answer, response);
}

absl::Status RunError(const absl::Status& status) {
  if (IsUnrelatedToProgram(status)) return status;
  if (absl::IsDeadlineExceeded(status)) return CompilerHangs();
  if (absl::IsResourceExhausted(status)) {
    return CompilerFailed("printed too much");
  }
  return CompilerFailed(absl::StrCat("can't be run: ", status.message()));
}

absl::Status ExitError(int wait_status, absl::string_view link_type) {
  if (WIFSIGNALED(wait_status)) {
    return CompilerFailed(
        absl::StrCat("was ended by signal ", WTERMSIG(wait_status)));
  }
  switch (WEXITSTATUS(wait_status)) {
    case EXIT_SUCCESS:
      return absl::OkStatus();
    case kFilterLinkTypeUnknown:
      return errors::LinkTypeUnknown(link_type);
    case kFilterOutOfMemory:
      return CompilerFailed("needs too much memory for this filter");
    default:
      return CompilerFailed(
          absl::StrCat("exited with status ", WEXITSTATUS(wait_status)));
  }
}

absl::Status TakeOutput(const absl::StatusOr<CommandOutput>& output,
                        absl::string_view link_type,
                        v1::CompileCaptureFilterResponse* response) {
  if (!output.ok()) return RunError(output.status());
  absl::Status status = ExitError(output->wait_status, link_type);
  if (status.ok() && !ReadAnswer(output->out, response)) {
    status = CompilerFailed("printed something that isn't an answer");
  }
  return status;
}

}  // namespace

void FilterCompiler::Compile(const CommandRunner::Asker& asker,
                             const v1::CompileCaptureFilterRequest& request,
                             v1::CompileCaptureFilterResponse* response,
                             DoneFn done) {
  CompileFor(
      asker,
      request.link_type().empty() ? kDefaultLinkType : request.link_type(),
      request, response, std::move(done));
}

void FilterCompiler::CompileFor(const CommandRunner::Asker& asker,
                                absl::string_view link_type,
                                const v1::CompileCaptureFilterRequest& request,
                                v1::CompileCaptureFilterResponse* response,
                                DoneFn done) {
  thread_.AssertOnThread();
  if (!IsArgument(link_type)) return done(errors::LinkTypeUnknown(link_type));
  const std::string why_not = WhyNotAFilter(request.filter());
  if (!why_not.empty()) {
    response->set_message(why_not);
    return done(absl::OkStatus());
  }
  runner_->Run(
      CommandFor(program_, link_type, request), kDeadline,
      [link_type = std::string(link_type), response, done = std::move(done)](
          const absl::StatusOr<CommandOutput>& output) mutable {
        done(TakeOutput(output, link_type, response));
      },
      asker);
}

}  // namespace dissectd::server
