// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/command_line.h"

#include <cstdio>
#include <functional>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "clients/cli/error_text.h"
#include "clients/cli/files_command.h"
#include "clients/cli/read_command.h"
#include "clients/cli/read_options.h"
#include "clients/cli/version.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"

namespace dissectd::cli {
namespace {

constexpr char kDefaultServer[] = "localhost:50051";

std::shared_ptr<grpc::Channel> Connect(const std::string& server) {
  grpc::ChannelArguments arguments;
  // A message is larger than a batch by up to one frame, whatever its size.
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(),
                                   arguments);
}

// What a command does once it is chosen.
using Action =
    std::function<ExitCode(const std::shared_ptr<grpc::Channel>& channel)>;

void AddReadCommand(CLI::App* program, RawReadOptions* raw, Action* action) {
  CLI::App* command = program->add_subcommand(
      "read", "Dissect a capture and print it as tshark does");
  AddReadOptions(command, raw);
  command->callback([command, raw, action] {
    *action = [command, raw](const std::shared_ptr<grpc::Channel>& channel) {
      ReadOptions options;
      const absl::Status status = CheckReadOptions(*command, *raw, &options);
      if (!status.ok()) {
        PrintError(status.message());
        return kExitBadOption;
      }
      return RunRead(channel, options);
    };
  });
}

void AddFilesCommand(CLI::App* program, std::string* file, Action* action) {
  CLI::App* files =
      program->add_subcommand("files", "Manage the captures of the store");
  files->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, const char* operand,
                       bool required, auto run) {
    CLI::App* command = files->add_subcommand(name, help);
    command->add_option("file", *file, operand)->required(required);
    command->callback([file, action, run] {
      *action = [file, run](const std::shared_ptr<grpc::Channel>& channel) {
        return run(channel, *file);
      };
    });
  };
  add("list", "List files", "Only paths that begin with this", false,
      RunFilesList);
  add("get", "Show one file", "The file", true, RunFilesGet);
  add("delete", "Delete an uploaded file", "The file", true, RunFilesDelete);
  add("upload", "Upload a file of this machine", "The file", true,
      RunFilesUpload);
}

}  // namespace

ExitCode RunCommandLine(int argc, char** argv) {
  CLI::App program(
      "Client of dissectd: Wireshark's dissection over the network",
      "dissectctl");
  program.require_subcommand(1);
  program.set_version_flag("--version", "dissectctl " + std::string(kVersion));
  std::string server = kDefaultServer;
  program
      .add_option("--server", server,
                  "The daemon's address: HOST:PORT or unix:/PATH")
      ->envname("DISSECTD_SERVER")
      ->capture_default_str();
  RawReadOptions read;
  std::string file;
  Action action;
  AddReadCommand(&program, &read, &action);
  AddFilesCommand(&program, &file, &action);

  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Also how CLI11 asks for help to be printed, which is no error.
    if (error.get_exit_code() == 0) {
      program.exit(error);
      return kExitOk;
    }
    PrintError(error.what());
    std::fputs("Run with --help for more information.\n", stderr);
    return kExitBadOption;
  }
  return action(Connect(server));
}

}  // namespace dissectd::cli
