// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_EXTCAP_EXTCAP_H_
#define SERVER_EXTCAP_EXTCAP_H_

#include <asio/io_context.hpp>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/capture.pb.h"
#include "server/base/thread_checker.h"
#include "server/extcap/extcap_argument.h"
#include "server/process/command_runner.h"
#include "server/process/subprocess.h"

namespace dissectd::server {

// What an interface of an extcap program offers.
struct ExtcapDescription {
  std::vector<v1::LinkType> link_types;
  std::vector<ExtcapArgument> arguments;
};

// How to capture from an interface of an extcap program.
struct ExtcapSource {
  std::string interface;
  // The path of the program.
  std::string program;
  // The interface's description, for people.
  std::string description;
  // The names of the arguments with values of the client's that nobody else may
  // see: passwords.
  std::vector<std::string> secrets;
  // Starts the program, which then writes its packets to the descriptor
  // AsyncSubprocess::kFirstOther, and ends with the thread that has started it.
  Command command;
};

// Finds extcap programs and asks them about the interfaces that the operator
// allows. Used on the loop's thread only.
class Extcap {
 public:
  struct Options {
    // The folder of the programs.
    std::string folder;
    // The names of the interfaces that clients may use.
    std::vector<std::string> allowed;
    // The path of extcap-launcher.
    std::string launcher;
  };

  // `context` is not owned and outlives this.
  Extcap(asio::io_context* context, Options options);
  ~Extcap();
  Extcap(const Extcap&) = delete;
  Extcap& operator=(const Extcap&) = delete;

  // Whether the operator allows the interface.
  bool Allows(absl::string_view interface) const;

  // Calls `done`, possibly before this returns, with the allowed interfaces
  // that programs have now, sorted by name as in tshark, without numbers.
  // Programs that don't answer are left out, and logged.
  void List(absl::AnyInvocable<void(std::vector<v1::Interface>)> done);

  // Calls `done` with what an allowed interface offers. Errors:
  // EXTCAP_UNAVAILABLE, EXTCAP_FAILED, EXTCAP_HANGS, PROGRAM_NOT_STARTED,
  // CANCELLED if the asker has gone.
  void Describe(
      const std::string& interface, const CommandRunner::Asker& asker,
      absl::AnyInvocable<void(absl::StatusOr<ExtcapDescription>)> done);

  // Calls `done` with the way to capture from an allowed interface. Errors:
  // those of Describe; EXTCAP_ARGUMENT_INVALID.
  void Prepare(const v1::InterfaceOptions& options,
               absl::AnyInvocable<void(absl::StatusOr<ExtcapSource>)> done);

  // Logs a warning for each allowed interface that no program has, so that the
  // operator learns of a wrong name.
  void CheckAllowed();

 private:
  // An allowed interface that a program has.
  struct Found {
    std::string program;
    std::string description;
  };
  // By the interfaces' names.
  using Interfaces = std::map<std::string, Found>;
  struct Scan;

  Command CommandFor(const std::string& program,
                     std::vector<std::string> arguments) const;
  // Asks all programs for their interfaces; those who ask meanwhile wait for
  // the same answers.
  void FindAll(absl::AnyInvocable<void()> done);
  void OnInterfaces(const std::string& program,
                    const absl::StatusOr<CommandOutput>& output);
  void EndScan();
  // Calls `done` with an interface, for which it asks the programs if it isn't
  // known.
  void FindOne(const std::string& interface,
               absl::AnyInvocable<void(absl::StatusOr<Found>)> done);
  // Asks for something about an interface, such as `--extcap-config`.
  void Ask(const Found& found, const std::string& interface,
           const std::string& question, const CommandRunner::Asker& asker,
           absl::AnyInvocable<void(absl::StatusOr<std::string>)> done);

  const Options options_;
  CommandRunner runner_;
  Interfaces interfaces_;
  // All names that the programs have given, for CheckAllowed.
  std::vector<std::string> all_names_;
  // Null while no scan runs.
  std::unique_ptr<Scan> scan_;
  ThreadChecker thread_;
};

// Returns the folder of the extcap programs that come with Wireshark.
std::string DefaultExtcapFolder();

}  // namespace dissectd::server

#endif  // SERVER_EXTCAP_EXTCAP_H_
