// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/connection/connection_options.h"

#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/cli/connection/contexts.h"
#include "clients/cli/help_formatter.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/server_address.h"
#include "clients/cli/status_macros.h"

namespace dissectd::cli {
namespace {

// An option about the connection.
struct Option {
  const char* name;
  std::string ConnectionOptions::*value;
  const char* variable;
  const char* type;
  const char* help;
};

constexpr Option kOptions[] = {
    {"--server", &ConnectionOptions::server, "DISSECTD_SERVER", "ADDRESS",
     "Address of the daemon: HOST, HOST:PORT or unix:/PATH"},
    {"--tls-ca", &ConnectionOptions::tls_ca, "DISSECTD_TLS_CA", "FILE",
     "Authorities for the daemon's certificate, in PEM; turns TLS on"},
    {"--tls-certificate", &ConnectionOptions::tls_certificate,
     "DISSECTD_TLS_CERTIFICATE", "FILE", "Your certificate, in PEM"},
    {"--tls-key", &ConnectionOptions::tls_key, "DISSECTD_TLS_KEY", "FILE",
     "The key of your certificate, in PEM"},
    {"--tls-server-name", &ConnectionOptions::tls_server_name,
     "DISSECTD_TLS_SERVER_NAME", "NAME",
     "Name in the daemon's certificate, if not that of its host"},
    {"--token-file", &ConnectionOptions::token_file, "DISSECTD_TOKEN_FILE",
     "FILE", "File with your token"},
    {"--engine", &ConnectionOptions::engine, "DISSECTD_ENGINE", "ID",
     "Version of Wireshark, if the daemon has several: wireshark-4.4, say"},
};

void AddOption(CLI::App* app, const Option& option, ConnectionOptions* options,
               bool with_variable, const char* group) {
  CLI::Option* added =
      app->add_option(option.name, options->*option.value, option.help)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
          ->check(NotEmpty())
          ->type_name(option.type)
          ->group(group);
  if (with_variable) added->envname(option.variable);
}

void AddTls(CLI::App* app, ConnectionOptions* options, const char* group) {
  app->add_flag("--tls", options->tls,
                "Use TLS with the authorities of this machine")
      ->group(group);
}

// Adds the options to a command and those below it. Their help is only in the
// program's own, apart from that of the server.
void AddTo(CLI::App* app, ConnectionChoice* choice) {
  const bool is_program = app->get_parent() == nullptr;
  for (const Option& option : kOptions) {
    // `config` has commands with options of their own for contexts.
    if (app->get_option_no_throw(option.name) != nullptr) continue;
    const bool shown = is_program || option.value == &ConnectionOptions::server;
    AddOption(app, option, &choice->options, is_program,
              shown ? "Daemon" : kHiddenGroup);
  }
  if (app->get_option_no_throw("--tls") == nullptr) {
    AddTls(app, &choice->options, is_program ? "Daemon" : kHiddenGroup);
  }
  CLI::Option* context =
      app->add_option("--context", choice->context,
                      "Daemon that \"dissectctl config\" knows by this name")
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
          ->check(NotEmpty())
          ->type_name("NAME")
          ->group(is_program ? "Daemon" : kHiddenGroup);
  if (is_program) context->envname("DISSECTD_CONTEXT");
  const auto all = [](const CLI::App*) { return true; };
  for (CLI::App* command : app->get_subcommands(all)) AddTo(command, choice);
}

// Takes the values of `from` that `to` doesn't have.
void FillIn(const ConnectionOptions& from, ConnectionOptions* to) {
  // A file and a token are two ways to give one thing.
  const bool has_token = !to->token.empty() || !to->token_file.empty();
  for (const Option& option : kOptions) {
    if (has_token && option.value == &ConnectionOptions::token_file) continue;
    std::string& value = to->*option.value;
    if (value.empty()) value = from.*option.value;
  }
  to->tls = to->tls || from.tls;
}

}  // namespace

void AddConnectionOptions(CLI::App* program, ConnectionChoice* choice) {
  AddTo(program, choice);
}

void AddContextOptions(CLI::App* command, ConnectionOptions* options) {
  for (const Option& option : kOptions) {
    AddOption(command, option, options, false, "Options");
  }
  AddTls(command, options, "Options");
}

absl::StatusOr<ConnectionOptions> ResolveConnection(
    const ConnectionChoice& choice, ServerKind kind) {
  ConnectionOptions options = choice.options;
  if (const char* token = std::getenv("DISSECTD_TOKEN");
      token != nullptr && options.token_file.empty()) {
    options.token = token;
  }
  if (!choice.context.empty() || options.server.empty()) {
    ASSIGN_OR_RETURN(const Contexts contexts, Contexts::Load());
    ASSIGN_OR_RETURN(const ConnectionOptions context,
                     contexts.Get(choice.context));
    FillIn(context, &options);
  }
  if (options.server.empty()) {
    options.server =
        kind == ServerKind::kFleet ? kDefaultFleet : kDefaultServer;
  }
  return options;
}

}  // namespace dissectd::cli
