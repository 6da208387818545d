// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/debug_command.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clients/cli/debug_bundle.h"
#include "clients/cli/error_text.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/token_line.h"

namespace dissectd::cli {
namespace {

constexpr char kStandardOutput[] = "-";

// Tells what the user is about to pass on.
void Explain(const DebugBundle& bundle) {
  const std::string text = absl::StrCat(
      "The bundle has ", absl::StrJoin(bundle.parts, ", "),
      ". It names files, interfaces, callers and their addresses, and the log "
      "may quote packets; it has no tokens and keys. Read it before you give "
      "it to others.\n");
  std::fputs(text.c_str(), stderr);
}

ExitCode WriteBundle(const std::string& path, const DebugBundle& bundle) {
  if (path == kStandardOutput) {
    std::fputs(bundle.json.c_str(), stdout);
    return kExitOk;
  }
  const absl::Status written = WritePrivateFile(path, bundle.json);
  if (!written.ok()) {
    PrintError(written.message());
    return kExitOutput;
  }
  // For scripts, which may have left the name to the program.
  std::puts(path.c_str());
  return kExitOk;
}

ExitCode RunBundle(const std::shared_ptr<grpc::Channel>& channel,
                   const std::string& path) {
  const DebugBundle bundle = CollectDebugBundle(channel);
  for (const DebugBundle::Failure& failure : bundle.failures) {
    PrintError(
        absl::StrCat(absl::StrJoin(failure.parts, ", "), ": ", failure.text));
  }
  if (bundle.parts.empty()) {
    PrintError("There is no bundle, as the daemon gave nothing.");
    return kExitServer;
  }
  const ExitCode written = WriteBundle(path, bundle);
  if (written != kExitOk) return written;
  Explain(bundle);
  return bundle.failures.empty() ? kExitOk : kExitServer;
}

std::string DefaultPath() {
  return absl::FormatTime("dissectd-debug-%Y%m%dT%H%M%SZ.json", absl::Now(),
                          absl::TimeZone());
}

}  // namespace

void AddDebugCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "debug", "Collect what is needed to report a fault");
  command->require_subcommand(1);
  CLI::App* bundle = command->add_subcommand(
      "bundle", "Write what the daemon tells about itself to a file");
  const auto path = std::make_shared<std::string>();
  bundle
      ->add_option("PATH", *path,
                   "The file, or - for standard output; by default "
                   "dissectd-debug-TIME.json in this folder")
      ->type_name("")
      ->check(NotEmpty());
  AllowAnyBytes(*bundle, {"PATH"});
  bundle->callback([path, action] {
    *action = [path](const std::shared_ptr<grpc::Channel>& channel) {
      return RunBundle(channel, path->empty() ? DefaultPath() : *path);
    };
  });
  AddExamples(bundle, {"dissectctl debug bundle report.json",
                       "dissectctl debug bundle - > copy.json"});
  AddExamples(command, {"dissectctl debug bundle"});
}

}  // namespace dissectd::cli
