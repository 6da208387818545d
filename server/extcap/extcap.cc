// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/extcap/extcap.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/utf8.h"
#include "server/extcap/extcap_errors.h"
#include "server/extcap/extcap_output.h"
#include "server/metrics/events.h"
#include "server/process/async_subprocess.h"
#include "server/process/process_errors.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// Many times longer than a program needs to answer.
constexpr std::chrono::seconds kQueryDeadline(5);
// Limits the number of programs that run for queries.
constexpr size_t kProgramsAtATime = 4;
// Room for every description of a program that a client can receive.
constexpr size_t kMaxAnswerBytes = 1 << 20;
// The end of what a program prints on standard error; the reason of its failure
// is usually its last line.
constexpr size_t kMaxErrorBytes = 800;
// The number of interfaces that a warning names.
constexpr size_t kMaxNames = 100;
// The version of extcap, which is Wireshark's. Programs may print more for
// later ones.
constexpr char kVersion[] = "--extcap-version=4.0";

// Returns the programs in a folder, sorted by path.
std::vector<std::string> ProgramsIn(const std::string& folder) {
  std::vector<std::string> programs;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end;
       !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    const std::string path = entry->path().string();
    if (entry->is_regular_file(ignored) && access(path.c_str(), X_OK) == 0) {
      programs.push_back(path);
    }
  }
  if (error) {
    metrics::Count(metrics::Event::kExtcapFailed);
    spdlog::warn("extcap programs: {}: {}", folder, error.message());
  }
  std::sort(programs.begin(), programs.end());
  return programs;
}

std::string LastErrors(absl::string_view text) {
  if (text.size() > kMaxErrorBytes) {
    text.remove_prefix(text.size() - kMaxErrorBytes);
  }
  return MakeValidUtf8(text);
}

// Returns what a program has printed on standard output, or why it couldn't
// answer.
absl::StatusOr<std::string> Answer(const std::string& program,
                                   absl::StatusOr<CommandOutput> output) {
  if (IsUnrelatedToProgram(output.status())) return output.status();
  if (absl::IsDeadlineExceeded(output.status())) {
    return errors::ExtcapHangs(program, "");
  }
  if (!output.ok()) {
    return errors::ExtcapFailed(program, "can't be run",
                                output.status().message());
  }
  if (output->out.size() > kMaxAnswerBytes) {
    return errors::ExtcapFailed(program, "prints too much", "");
  }
  if (output->wait_status != 0 && output->out.empty()) {
    return errors::ExtcapFailed(
        program,
        absl::StrCat("ended with ", DescribeWaitStatus(output->wait_status)),
        LastErrors(output->err));
  }
  return std::move(output->out);
}

// Returns the names of the values that are passwords.
std::vector<std::string> SecretsAmong(
    const std::vector<ExtcapArgument>& arguments, const ExtcapValues& values) {
  std::vector<std::string> names;
  for (const ExtcapArgument& argument : arguments) {
    const std::string& name = argument.description.name();
    if (argument.description.type() == "password" && values.count(name) != 0) {
      names.push_back(name);
    }
  }
  return names;
}

}  // namespace

// The search for interfaces in all programs.
struct Extcap::Scan {
  size_t running = 0;
  Interfaces interfaces;
  std::vector<std::string> all_names;
  std::vector<absl::AnyInvocable<void()>> waiting;
};

Extcap::Extcap(asio::io_context* context, Options options)
    : options_(std::move(options)), runner_(context, kProgramsAtATime) {}

// Here, as the header doesn't define Scan.
Extcap::~Extcap() = default;

bool Extcap::Allows(absl::string_view interface) const {
  return std::find(options_.allowed.begin(), options_.allowed.end(),
                   interface) != options_.allowed.end();
}

Command Extcap::CommandFor(const std::string& program,
                           std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {absl::StrCat(getpid()), program});
  Command command = {options_.launcher, std::move(arguments)};
  command.overrides = {"LC_ALL=C"};
  command.folder = "/";
  command.kill_leftovers = true;
  return command;
}

void Extcap::List(absl::AnyInvocable<void(std::vector<v1::Interface>)> done) {
  FindAll([this, done = std::move(done)]() mutable {
    std::vector<v1::Interface> interfaces;
    for (const auto& [name, found] : interfaces_) {
      v1::Interface& interface = interfaces.emplace_back();
      interface.set_name(name);
      interface.set_friendly_name(found.description);
      interface.set_type(v1::INTERFACE_TYPE_EXTCAP);
      interface.set_extcap(MakeValidUtf8(found.program));
    }
    done(std::move(interfaces));
  });
}

void Extcap::FindAll(absl::AnyInvocable<void()> done) {
  thread_.AssertOnThread();
  if (options_.allowed.empty()) return done();
  const bool runs = scan_ != nullptr;
  if (!runs) scan_ = std::make_unique<Scan>();
  scan_->waiting.push_back(std::move(done));
  if (runs) return;
  const std::vector<std::string> programs = ProgramsIn(options_.folder);
  scan_->running = programs.size();
  if (programs.empty()) return EndScan();
  for (const std::string& program : programs) {
    runner_.Run(CommandFor(program, {"--extcap-interfaces", kVersion}),
                kQueryDeadline,
                [this, program](const absl::StatusOr<CommandOutput>& output) {
                  OnInterfaces(program, output);
                });
  }
}

void Extcap::OnInterfaces(const std::string& program,
                          const absl::StatusOr<CommandOutput>& output) {
  const absl::StatusOr<std::string> answer = Answer(program, output);
  if (!answer.ok()) {
    metrics::Count(metrics::Event::kExtcapFailed);
    spdlog::warn("{}", std::string(answer.status().message()));
  } else {
    for (ExtcapInterface& interface : ParseExtcapInterfaces(*answer)) {
      if (scan_->all_names.size() < kMaxNames) {
        scan_->all_names.push_back(interface.name);
      }
      if (!Allows(interface.name)) continue;
      // Programs answer in any order; the first one by path counts.
      const auto [known, is_new] = scan_->interfaces.try_emplace(
          interface.name, Found{program, interface.description});
      if (!is_new && program < known->second.program) {
        known->second = {program, std::move(interface.description)};
      }
    }
  }
  if (--scan_->running == 0) EndScan();
}

void Extcap::EndScan() {
  const std::unique_ptr<Scan> scan = std::move(scan_);
  interfaces_ = std::move(scan->interfaces);
  all_names_ = std::move(scan->all_names);
  for (absl::AnyInvocable<void()>& done : scan->waiting) done();
}

void Extcap::FindOne(const std::string& interface,
                     absl::AnyInvocable<void(absl::StatusOr<Found>)> done) {
  thread_.AssertOnThread();
  if (const auto known = interfaces_.find(interface);
      known != interfaces_.end()) {
    return done(known->second);
  }
  FindAll([this, interface, done = std::move(done)]() mutable {
    const auto found = interfaces_.find(interface);
    if (found == interfaces_.end()) {
      return done(errors::ExtcapUnavailable(interface, options_.folder));
    }
    done(found->second);
  });
}

void Extcap::Ask(const Found& found, const std::string& interface,
                 const std::string& question, const CommandRunner::Asker& asker,
                 absl::AnyInvocable<void(absl::StatusOr<std::string>)> done) {
  runner_.Run(
      CommandFor(found.program, {question, "--extcap-interface", interface}),
      kQueryDeadline,
      [this, program = found.program, interface,
       done = std::move(done)](absl::StatusOr<CommandOutput> output) mutable {
        absl::StatusOr<std::string> answer = Answer(program, std::move(output));
        // Another program may have the interface the next time.
        if (!answer.ok() && !IsUnrelatedToProgram(answer.status())) {
          interfaces_.erase(interface);
        }
        done(std::move(answer));
      },
      asker);
}

void Extcap::Describe(
    const std::string& interface, const CommandRunner::Asker& asker,
    absl::AnyInvocable<void(absl::StatusOr<ExtcapDescription>)> done) {
  FindOne(interface, [this, interface, asker, done = std::move(done)](
                         const absl::StatusOr<Found>& found) mutable {
    if (!found.ok()) return done(found.status());
    Ask(*found, interface, "--extcap-config", asker,
        [this, interface, asker, found = *found, done = std::move(done)](
            const absl::StatusOr<std::string>& config) mutable {
          if (!config.ok()) return done(config.status());
          Ask(found, interface, "--extcap-dlts", asker,
              [arguments = ParseExtcapArguments(*config),
               done = std::move(done)](
                  const absl::StatusOr<std::string>& types) mutable {
                if (!types.ok()) return done(types.status());
                done(ExtcapDescription{ParseExtcapLinkTypes(*types),
                                       std::move(arguments)});
              });
        });
  });
}

void Extcap::Prepare(
    const v1::InterfaceOptions& options,
    absl::AnyInvocable<void(absl::StatusOr<ExtcapSource>)> done) {
  FindOne(options.name(), [this, options, done = std::move(done)](
                              const absl::StatusOr<Found>& found) mutable {
    if (!found.ok()) return done(found.status());
    // What creates a capture goes on if its caller goes.
    Ask(*found, options.name(), "--extcap-config", {},
        [this, options, found = *found, done = std::move(done)](
            const absl::StatusOr<std::string>& config) mutable {
          if (!config.ok()) return done(config.status());
          const std::vector<ExtcapArgument> arguments =
              ParseExtcapArguments(*config);
          const absl::StatusOr<std::vector<std::string>> values = ExtcapWords(
              options.name(), arguments, options.extcap_arguments());
          if (!values.ok()) return done(values.status());
          std::vector<std::string> words = {"--capture", "--extcap-interface",
                                            options.name()};
          if (!options.capture_filter().empty()) {
            AddExtcapOption("--extcap-capture-filter", options.capture_filter(),
                            &words);
          }
          words.insert(words.end(),
                       {"--fifo", absl::StrCat("/dev/fd/",
                                               AsyncSubprocess::kFirstOther)});
          words.insert(words.end(), values->begin(), values->end());
          done(ExtcapSource{options.name(), found.program, found.description,
                            SecretsAmong(arguments, options.extcap_arguments()),
                            CommandFor(found.program, std::move(words))});
        });
  });
}

void Extcap::CheckAllowed() {
  FindAll([this] {
    for (const std::string& name : options_.allowed) {
      if (interfaces_.count(name) != 0) continue;
      spdlog::warn(
          "--extcap allows the interface {}, which no program in {} has now; "
          "there are: {}",
          name, options_.folder, absl::StrJoin(all_names_, ", "));
    }
  });
}

std::string DefaultExtcapFolder() {
#if defined(__x86_64__)
  constexpr absl::string_view kDebianFolder =
      "/usr/lib/x86_64-linux-gnu/wireshark/extcap";
#elif defined(__aarch64__)
  constexpr absl::string_view kDebianFolder =
      "/usr/lib/aarch64-linux-gnu/wireshark/extcap";
#else
  constexpr absl::string_view kDebianFolder = "/usr/lib/wireshark/extcap";
#endif
  for (const absl::string_view folder :
       {kDebianFolder, absl::string_view("/usr/lib64/wireshark/extcap"),
        absl::string_view("/usr/lib/wireshark/extcap")}) {
    std::error_code error;
    if (std::filesystem::is_directory(std::string(folder), error)) {
      return std::string(folder);
    }
  }
  return std::string(kDebianFolder);
}

}  // namespace dissectd::server
