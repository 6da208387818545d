// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/command_line.h"

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "clients/cli/capinfos_command.h"
#include "clients/cli/capture_command.h"
#include "clients/cli/capture_options.h"
#include "clients/cli/captures_command.h"
#include "clients/cli/command_action.h"
#include "clients/cli/error_text.h"
#include "clients/cli/files_command.h"
#include "clients/cli/filter_command.h"
#include "clients/cli/glossary_command.h"
#include "clients/cli/info_command.h"
#include "clients/cli/interfaces_command.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/read_command.h"
#include "clients/cli/read_options.h"
#include "clients/cli/version.h"
#include "clients/cli/write_command.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"

namespace dissectd::cli {
namespace {

constexpr char kDefaultServer[] = "localhost:50051";

std::shared_ptr<grpc::Channel> Connect(const std::string& server) {
  grpc::ChannelArguments arguments;
  // A message exceeds the batch size by up to one frame, whose size is not
  // limited.
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(),
                                   arguments);
}

void AddReadCommand(CLI::App* program, RawReadOptions* raw, Action* action) {
  CLI::App* command = program->add_subcommand(
      "read", "Dissect a capture file and print it as tshark does");
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
  CLI::App* files = program->add_subcommand(
      "files", "Manage the capture files in the daemon's store");
  files->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, const char* operand,
                       bool required, auto run, bool is_local = false) {
    CLI::App* command = files->add_subcommand(name, help);
    command->add_option("file", *file, operand)->required(required);
    if (is_local) AllowAnyBytes(*command, {"file"});
    command->callback([file, action, run] {
      *action = [file, run](const std::shared_ptr<grpc::Channel>& channel) {
        return run(channel, *file);
      };
    });
  };
  add("list", "List files", "Only paths that start with this", false,
      RunFilesList);
  add("get", "Show one file", "Name in the store", true, RunFilesGet);
  add("download", "Write a file to standard output", "Name in the store", true,
      RunFilesDownload);
  add("delete", "Delete an uploaded file", "Name in the store", true,
      RunFilesDelete);
  add("upload", "Upload a local file", "Local path", true, RunFilesUpload,
      /*is_local=*/true);
}

void AddInterfacesCommand(CLI::App* program, InterfacesOptions* options,
                          Action* action) {
  CLI::App* command = program->add_subcommand(
      "interfaces", "List interfaces as tshark -D does");
  AddInterfacesOptions(command, options);
  command->callback([options, action] {
    *action = [options](const std::shared_ptr<grpc::Channel>& channel) {
      return RunInterfaces(channel, *options);
    };
  });
}

void AddCaptureCommand(CLI::App* program, RawCaptureOptions* raw,
                       Action* action) {
  CLI::App* command = program->add_subcommand(
      "capture", "Capture packets and print them as tshark does");
  AddCaptureOptions(command, raw);
  command->callback([command, raw, action] {
    *action = [command, raw](const std::shared_ptr<grpc::Channel>& channel) {
      CaptureCommandOptions options;
      const absl::Status status = CheckCaptureOptions(*command, *raw, &options);
      if (!status.ok()) {
        PrintError(status.message());
        return kExitBadOption;
      }
      return RunCapture(channel, options);
    };
  });
}

// The arguments of the commands on captures.
struct CaptureOperands {
  std::string name;
  bool delete_files = false;
  bool kill = false;
  uint64_t after = 0;
  double interval = 1;
  uint32_t top = 5;
};

// Adds a command that takes the name of a capture.
CLI::App* AddCommandOnCapture(
    CLI::App* parent, const char* name, const char* help,
    CaptureOperands* operands, Action* action,
    std::function<ExitCode(const std::shared_ptr<grpc::Channel>& channel,
                           const CaptureOperands& operands)>
        run) {
  CLI::App* command = parent->add_subcommand(name, help);
  command->add_option("capture", operands->name, "Name of the capture")
      ->required();
  command->callback([operands, action, run = std::move(run)] {
    *action = [operands, run](const std::shared_ptr<grpc::Channel>& channel) {
      return run(channel, *operands);
    };
  });
  return command;
}

void AddCapturesCommand(CLI::App* program, CaptureOperands* operands,
                        Action* action) {
  CLI::App* captures =
      program->add_subcommand("captures", "List and manage captures");
  captures->require_subcommand(0, 1);
  captures->callback([captures, action] {
    if (captures->get_subcommands().empty()) *action = RunCapturesList;
  });
  AddCommandOnCapture(captures, "get", "Show one capture and its files",
                      operands, action,
                      [](const auto& channel, const CaptureOperands& given) {
                        return RunCapturesGet(channel, given.name);
                      });
  AddCommandOnCapture(
      captures, "delete", "Delete an ended capture", operands, action,
      [](const auto& channel, const CaptureOperands& given) {
        return RunCapturesDelete(channel, given.name, given.delete_files);
      })
      ->add_flag("--files", operands->delete_files, "Delete its files, too");
  AddCommandOnCapture(program, "watch",
                      "Print the events of a capture until it ends", operands,
                      action,
                      [](const auto& channel, const CaptureOperands& given) {
                        return RunWatch(channel, given.name, given.after);
                      })
      ->add_option("--after", operands->after,
                   "Only events after event number N");
  CLI::App* rates = AddCommandOnCapture(
      program, "rates", "Print rates and top protocols of a capture", operands,
      action, [](const auto& channel, const CaptureOperands& given) {
        return RunRates(channel, given.name, given.interval, given.top);
      });
  rates
      ->add_option("--interval", operands->interval,
                   "Seconds between lines, 0.1 to 3600")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  rates
      ->add_option("--top", operands->top,
                   "Number of top protocols to print, by packets and by bytes")
      ->check(CLI::Range(1u, 1000u))
      ->capture_default_str();
  AddCommandOnCapture(program, "stop", "Stop a capture", operands, action,
                      [](const auto& channel, const CaptureOperands& given) {
                        return RunStop(channel, given.name, given.kill);
                      })
      ->add_flag("--kill", operands->kill, "Stop at once; packets may be lost");
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
                  "Address of the daemon: HOST:PORT or unix:/PATH")
      ->envname("DISSECTD_SERVER")
      ->capture_default_str();
  RawReadOptions read;
  std::string file;
  InterfacesOptions interfaces;
  RawCaptureOptions capture;
  CaptureOperands operands;
  Action action;
  AddReadCommand(&program, &read, &action);
  AddFilesCommand(&program, &file, &action);
  AddCaptureCommand(&program, &capture, &action);
  AddInterfacesCommand(&program, &interfaces, &action);
  AddCapturesCommand(&program, &operands, &action);
  AddGlossaryCommand(&program, &action);
  AddFilterCommand(&program, &action);
  AddCapinfosCommand(&program, &action);
  AddWriteCommand(&program, &action);
  AddInfoCommand(&program, &action);

  RequireUtf8(&program);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 also throws this to print help, which is not an error.
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
