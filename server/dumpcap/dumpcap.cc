// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dumpcap/dumpcap.h"

#include <unistd.h>

#include <asio/post.hpp>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "server/dumpcap/capture_errors.h"
#include "server/dumpcap/sync_pipe.h"
#include "server/process/process_errors.h"

namespace dissectd::server {
namespace {

// Many times longer than dumpcap needs to answer.
constexpr std::chrono::seconds kQueryDeadline(10);

// The first version with the messages that are parsed here.
constexpr int kOldestMajorVersion = 4;

// Returns the paths where the program may be.
std::vector<std::string> Candidates(const std::string& program) {
  if (program.find('/') != std::string::npos) {
    std::error_code error;
    return {std::filesystem::absolute(program, error).string()};
  }
  const char* path = std::getenv("PATH");
  if (path == nullptr) path = "/usr/local/bin:/usr/bin:/bin";
  std::vector<std::string> candidates;
  for (const absl::string_view folder : absl::StrSplit(path, ':')) {
    candidates.push_back(absl::StrCat(folder, "/", program));
  }
  return candidates;
}

absl::StatusOr<std::string> FindProgram(const std::string& program) {
  absl::Status status = errors::DumpcapMissing(program);
  for (std::string& candidate : Candidates(program)) {
    if (access(candidate.c_str(), X_OK) == 0) return std::move(candidate);
    if (errno == EACCES && access(candidate.c_str(), F_OK) == 0) {
      status = errors::DumpcapNotExecutable(candidate);
    }
  }
  return status;
}

// Returns whether an answer to `-v` is that of dissectctl, which also goes by
// the name dumpcap. Without a version it is an error about a daemon.
bool IsDissectctl(const CommandOutput& output) {
  return absl::StrContains(output.out, "dissectctl") ||
         (output.out.empty() &&
          absl::StrContains(absl::AsciiStrToLower(output.err), "dissectd"));
}

absl::Status DumpcapIsDissectctl(const std::string& path) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      absl::StrCat("\"", path,
                   "\" is dissectctl, not dumpcap; start dissectd with "
                   "--dumpcap=/usr/bin/dumpcap."),
      {"DUMPCAP_MISSING", {{"program", path}}, {}});
}

absl::Status VersionUntold(const std::string& path, int wait_status) {
  return MakeError(
      absl::StatusCode::kInternal,
      absl::StrCat("\"", path, " -v\" ended with ",
                   DescribeWaitStatus(wait_status), " and told no version."),
      {"DUMPCAP_FAILED", {{"program", path}}, {}});
}

// Checks the answer of a program to `-v`, which is
// `Dumpcap (Wireshark) 4.0.17 (...).`
absl::Status CheckVersion(const CommandOutput& output,
                          const std::string& path) {
  if (IsDissectctl(output)) return DumpcapIsDissectctl(path);
  const absl::string_view text = output.out;
  const absl::string_view line = text.substr(0, text.find('\n'));
  for (const absl::string_view word : absl::StrSplit(line, ' ')) {
    int major = 0;
    if (!absl::SimpleAtoi(word.substr(0, word.find('.')), &major)) continue;
    if (major >= kOldestMajorVersion) return absl::OkStatus();
    return errors::DumpcapTooOld(word);
  }
  if (output.wait_status != 0) {
    return VersionUntold(path, output.wait_status);
  }
  return errors::DumpcapProtocolError(
      absl::StrCat("a version of \"", line, "\""));
}

absl::Status RunError(const absl::Status& status, const std::string& program) {
  if (IsUnrelatedToProgram(status)) return status;
  if (absl::IsDeadlineExceeded(status)) return errors::DumpcapHangs(program);
  if (absl::IsResourceExhausted(status)) {
    return errors::DumpcapProtocolError(status.message());
  }
  if (absl::IsPermissionDenied(status)) {
    return errors::DumpcapNotExecutable(program);
  }
  return errors::DumpcapMissing(program);
}

// Skips lines that libraries print before a message: the length of a message
// begins with a byte that no text has.
absl::string_view WithoutLines(absl::string_view bytes) {
  while (bytes.size() > 1 && absl::ascii_isprint(bytes[1])) {
    const size_t end = bytes.find('\n');
    if (end == absl::string_view::npos) break;
    bytes.remove_prefix(end + 1);
  }
  return bytes;
}

absl::StatusOr<std::string> Answer(CommandOutput output,
                                   const std::string& dumpcap) {
  SyncPipeParser parser;
  const absl::StatusOr<std::vector<SyncMessage>> messages =
      parser.Take(WithoutLines(output.err));
  if (!messages.ok()) {
    return errors::DumpcapProtocolError(messages.status().message());
  }
  // An error is a warning if success follows: for example, that capabilities
  // can't be dropped.
  absl::Status error =
      errors::DumpcapFailed(DescribeWaitStatus(output.wait_status));
  for (const SyncMessage& message : *messages) {
    if (message.kind == SyncMessage::Kind::kSuccess &&
        output.wait_status == 0) {
      return std::move(output.out);
    }
    if (message.kind == SyncMessage::Kind::kError) {
      error = errors::DumpcapError(message.text, message.secondary, dumpcap);
    }
  }
  return error;
}

}  // namespace

Command Dumpcap::CommandWith(std::vector<std::string> arguments) const {
  Command command;
  command.program = path_;
  command.arguments = std::move(arguments);
  command.overrides = {"LC_ALL=C"};
  // dumpcap takes the name of an interface for that of a pipe if there is such
  // a file in its folder.
  command.folder = "/";
  return command;
}

void Dumpcap::Prepare(
    std::vector<std::string> arguments,
    absl::AnyInvocable<void(absl::StatusOr<Command> command)> done) {
  thread_.AssertOnThread();
  arguments.insert(arguments.end(), {"-Z", "none"});
  if (!path_.empty() && access(path_.c_str(), X_OK) == 0) {
    asio::post(
        *runner_->context(),
        [command = CommandWith(std::move(arguments)),
         done = std::move(done)]() mutable { done(std::move(command)); });
    return;
  }
  path_.clear();
  const absl::StatusOr<std::string> found = FindProgram(program_);
  if (!found.ok()) {
    asio::post(*runner_->context(),
               [status = found.status(), done = std::move(done)]() mutable {
                 done(status);
               });
    return;
  }
  Command question = {*found, {"-v"}};
  question.overrides = {"LC_ALL=C"};
  runner_->Run(
      question, kQueryDeadline,
      [this, found = *found, arguments = std::move(arguments),
       done = std::move(done)](absl::StatusOr<CommandOutput> output) mutable {
        if (!output.ok()) {
          return done(RunError(output.status(), found));
        }
        const absl::Status status = CheckVersion(*output, found);
        if (!status.ok()) return done(status);
        path_ = found;
        done(CommandWith(std::move(arguments)));
      });
}

void Dumpcap::Query(const std::vector<std::string>& arguments,
                    const CommandRunner::Asker& asker, QueryDone done) {
  thread_.AssertOnThread();
  Prepare(arguments, [this, asker, done = std::move(done)](
                         absl::StatusOr<Command> command) mutable {
    if (!command.ok()) return done(command.status());
    runner_->Run(
        *command, kQueryDeadline,
        [path = command->program,
         done = std::move(done)](absl::StatusOr<CommandOutput> output) mutable {
          if (output.ok()) {
            done(Answer(*std::move(output), path));
          } else {
            done(RunError(output.status(), path));
          }
        },
        asker);
  });
}

}  // namespace dissectd::server
