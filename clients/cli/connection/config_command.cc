// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/connection/config_command.h"

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/connection/connection.h"
#include "clients/cli/connection/connection_options.h"
#include "clients/cli/connection/contexts.h"
#include "clients/cli/error_text.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/table.h"

namespace dissectd::cli {
namespace {

// The operand and the options of a command.
struct Operands {
  std::string name;
  ConnectionOptions options;
  bool no_headers = false;
};

using Change = absl::Status (*)(const Operands& operands, Contexts* contexts);

absl::Status UseContext(const Operands& operands, Contexts* contexts) {
  return contexts->Use(operands.name);
}

absl::Status SetContext(const Operands& operands, Contexts* contexts) {
  if (operands.name.empty()) {
    return absl::InvalidArgumentError("A context needs a name.");
  }
  const bool is_new = contexts->all().count(operands.name) == 0;
  if (is_new && operands.options.server.empty()) {
    return absl::InvalidArgumentError(
        "A new context needs the address of a daemon: --server=ADDRESS.");
  }
  contexts->Set(operands.name, operands.options);
  // Makes no connection, but checks what the context has now.
  ASSIGN_OR_RETURN(const ConnectionOptions options,
                   contexts->Get(operands.name));
  return Connect(options).status();
}

absl::Status DeleteContext(const Operands& operands, Contexts* contexts) {
  // The error lists the names that there are.
  RETURN_IF_ERROR(contexts->Get(operands.name).status());
  contexts->Delete(operands.name);
  return absl::OkStatus();
}

ExitCode RunChange(const Operands& operands, Change change) {
  absl::StatusOr<Contexts> contexts = Contexts::Load();
  absl::Status status = contexts.status();
  if (status.ok()) status = change(operands, &*contexts);
  if (status.ok()) status = contexts->Save();
  if (status.ok()) return kExitOk;
  PrintError(status.message());
  return kExitBadOption;
}

ExitCode RunShow(const Operands& operands,
                 ExitCode (*show)(const Operands& operands,
                                  const Contexts& contexts)) {
  const absl::StatusOr<Contexts> contexts = Contexts::Load();
  if (contexts.ok()) return show(operands, *contexts);
  PrintError(contexts.status().message());
  return kExitBadOption;
}

std::string TlsText(const ConnectionOptions& options) {
  if (!options.tls_certificate.empty()) return "with certificate";
  return WantsTls(options) ? "yes" : "no";
}

ExitCode ShowContexts(const Operands& operands, const Contexts& contexts) {
  Table table({{"CURRENT", 7, Table::Align::kLeft},
               {"NAME", 16, Table::Align::kLeft},
               {"TLS", 16, Table::Align::kLeft},
               {"TOKEN", 5, Table::Align::kLeft},
               {"SERVER", 0, Table::Align::kLeft}},
              !operands.no_headers);
  for (const auto& [name, options] : contexts.all()) {
    table.Print({name == contexts.current() ? "*" : "", name, TlsText(options),
                 options.token_file.empty() ? "no" : "yes", options.server});
  }
  return kExitOk;
}

ExitCode ShowCurrent(const Operands& /*operands*/, const Contexts& contexts) {
  if (contexts.current().empty()) {
    PrintError("There is no current context.");
    return kExitBadOption;
  }
  std::printf("%s\n", contexts.current().c_str());
  return kExitOk;
}

CLI::App* AddSubcommand(CLI::App* config, const char* name, const char* help,
                        const std::shared_ptr<Operands>& operands,
                        const std::function<ExitCode(const Operands&)>& run,
                        Action* action) {
  CLI::App* command = config->add_subcommand(name, help);
  command->callback([operands, run, action] {
    *action = [operands, run](const std::shared_ptr<grpc::Channel>&) {
      return run(*operands);
    };
  });
  return command;
}

std::function<ExitCode(const Operands&)> Changing(Change change) {
  return [change](const Operands& operands) {
    return RunChange(operands, change);
  };
}

void AddChanges(CLI::App* config, Action* action) {
  const auto operands = std::make_shared<Operands>();
  CLI::App* set = AddSubcommand(config, "set-context",
                                "Name a daemon, or change how to connect to it",
                                operands, Changing(SetContext), action);
  AddOperand(set, "NAME", &operands->name, "Name of the context");
  AddContextOptions(set, &operands->options);
  AddExamples(set,
              {"dissectctl config set-context lab --server=localhost:50051",
               "dissectctl config get-contexts"});
  CLI::App* use = AddSubcommand(
      config, "use-context", "Use this daemon if the command line names none",
      operands, Changing(UseContext), action);
  AddOperand(use, "NAME", &operands->name, "Name of the context");
  AddExamples(use,
              {"dissectctl config set-context lab --server=localhost:50051",
               "dissectctl config use-context lab",
               "dissectctl config current-context"});
  CLI::App* remove = AddSubcommand(config, "delete-context", "Delete a name",
                                   operands, Changing(DeleteContext), action);
  AddOperand(remove, "NAME", &operands->name, "Name of the context");
  AddExamples(remove,
              {"dissectctl config set-context lab --server=localhost:50051",
               "dissectctl config set-context field --server=127.0.0.1",
               "dissectctl config delete-context lab",
               "dissectctl config get-contexts"});
}

void AddReports(CLI::App* config, Action* action) {
  const auto operands = std::make_shared<Operands>();
  CLI::App* list = AddSubcommand(
      config, "get-contexts", "List the names of daemons", operands,
      [](const Operands& given) { return RunShow(given, ShowContexts); },
      action);
  AddNoHeaders(list, &operands->no_headers);
  AddExamples(list,
              {"dissectctl config set-context lab --server=localhost:50051",
               "dissectctl config get-contexts"});
  CLI::App* current = AddSubcommand(
      config, "current-context", "Print the name that is in use", operands,
      [](const Operands& given) { return RunShow(given, ShowCurrent); },
      action);
  AddExamples(current,
              {"dissectctl config set-context lab --server=localhost:50051",
               "dissectctl config use-context lab",
               "dissectctl config current-context"});
}

}  // namespace

void AddConfigCommand(CLI::App* program, Action* action) {
  CLI::App* config = program->add_subcommand(
      "config", "Name daemons, and how to connect to them");
  config->require_subcommand(1);
  AddChanges(config, action);
  AddReports(config, action);
  AddExamples(config,
              {"dissectctl config set-context lab --server=localhost:50051",
               "dissectctl --context=lab files list"});
}

}  // namespace dissectd::cli
