// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/config.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "server/base/replica.h"
#include "server/daemon_options.h"
#include "server/options/changed_options.h"
#include "server/options/options.h"
#include "server/options/parse_options.h"
#include "server/version.h"

namespace dissectd::server {
namespace {

// Returns the error in the name of an extcap program's interface; empty if it
// is valid.
std::string CheckExtcapName(const std::string& name) {
  const bool valid =
      !name.empty() && name[0] != '-' &&
      std::none_of(name.begin(), name.end(), [](unsigned char byte) {
        return byte < ' ' || byte == 0x7f || byte == '/';
      });
  return valid ? "" : "\"" + name + "\" isn't the name of an interface";
}

void AddFolders(CLI::App* app, ServerConfig* config) {
  app->add_option("--store", config->store,
                  "Folder of the captures that clients can read; required")
      ->type_name("DIR");
  app->add_option(
         "--engine", config->engines,
         "Path of dissectd-engine, if not the installed one; may be "
         "repeated for engines with other versions of Wireshark, which "
         "requests choose, or else get the first one")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("PATH");
  app->add_option("--dumpcap", config->dumpcap, "Path or name of dumpcap")
      ->type_name("PATH")
      ->capture_default_str();
  app->add_option("--pipes", config->pipes,
                  "Folder of named pipes that clients may capture from")
      ->check(Folder())
      ->type_name("DIR");
  app->add_option("--extcap", config->extcap,
                  "Interfaces of extcap programs that clients may capture "
                  "from, with commas between, for example randpkt,udpdump")
      ->delimiter(',')
      ->check(CheckExtcapName)
      ->expected(1, 1000)
      ->allow_extra_args(false)
      ->type_name("NAMES");
  app->add_option("--extcap-folder", config->extcap_folder,
                  "Folder of extcap programs, if not that of Wireshark")
      ->check(Folder())
      ->type_name("DIR");
}

void AddLimits(CLI::App* app, ServerConfig* config) {
  AddLimit(app, "--max-calls", &config->max_calls, 1'000'000,
           "Limit of concurrent calls");
  AddLimit(app, "--max-captures", &config->max_captures, 1'000,
           "Limit of concurrent captures");
  AddLimit(app, "--max-workers", &config->max_workers, 10'000,
           "Limit of concurrent dissections");
  AddLimit(app, "--pass-workers", &config->pass_workers, 64,
           "Limit of processes that share the second pass of a dissection");
  AddSize(app, "--upload-quota", &config->upload_quota_bytes,
          "Limit of disk space for uploads and exports");
}

void AddDissection(CLI::App* app, ServerConfig* config) {
  app->add_option("--profile", config->profile,
                  "Wireshark profile that all calls start with")
      ->check([](const std::string& name) {
        return name.empty()
                   ? std::string("the name of a profile cannot be empty")
                   : std::string();
      })
      ->type_name("NAME")
      ->capture_default_str();
  app->add_flag("--allow-external-resolver", config->allow_external_resolver,
                "Allow clients to look up host names on the network");
  app->add_flag(
      "--allow-lua", config->allow_lua,
      "Allow clients to send scripts in Lua. DANGEROUS: a script can do "
      "whatever the daemon's user can, such as read and delete files "
      "and start programs");
}

void AddReplica(CLI::App* app, ServerConfig* config) {
  app->add_option("--replica", config->replica,
                  "Which of several daemons behind a proxy this one is, in the "
                  "names of what it stores and holds; none by default")
      ->check([](const std::string& name) {
        return IsReplicaName(name)
                   ? std::string()
                   : absl::StrCat("\"", name,
                                  "\" isn't 1 to 63 letters, digits and "
                                  "hyphens between them");
      })
      ->type_name("NAME");
}

void AddOperation(CLI::App* app, ServerConfig* config,
                  std::string* log_format) {
  AddLogOptions(app, &config->log, log_format);
  AddReplica(app, config);
  AddMetricsOptions(app, &config->metrics_listen);
  AddStopOptions(app, &config->transport.lame_duck, &config->drain_timeout);
  AddSeconds(app, "--keep-captures", &config->keep_captures,
             "Seconds for which captures go on without a daemon, after SIGTERM "
             "or a crash, until the next one takes them over; 0: they end with "
             "the daemon");
}

}  // namespace

std::unique_ptr<CLI::App> MakeDaemonOptions(ServerConfig* config,
                                            std::string* log_format) {
  auto app = std::make_unique<CLI::App>(
      "Serves Wireshark's dissection and capture to gRPC clients.", "dissectd");
  AddCommonOptions(app.get(), kVersion);
  AddFolders(app.get(), config);
  AddOperation(app.get(), config, log_format);
  AddLimits(app.get(), config);
  AddTransportOptions(app.get(), &config->transport);
  AddIdentityOptions(app.get(), &config->identity);
  AddPolicyOptions(app.get(), &config->identity);
  AddIsolationOptions(app.get(), &config->isolation);
  AddCrashOptions(app.get(), &config->isolation);
  AddShareOptions(app.get(), &config->share);
  AddStoreOptions(app.get(), &config->share);
  AddSessionOptions(app.get(), &config->sessions);
  AddCaptureOptions(app.get(), config);
  AddDissection(app.get(), config);
  app->footer(
      "Examples:\n"
      "  dissectd --store=captures\n"
      "  dissectd --store=captures --listen=unix:/tmp/dissectd.sock\n"
      "  dissectd --config=/etc/dissectd/dissectd.conf");
  return app;
}

std::optional<int> ParseConfig(int argc, char** argv, ServerConfig* config) {
  std::string log_format = "text";
  const std::unique_ptr<CLI::App> made = MakeDaemonOptions(config, &log_format);
  CLI::App& app = *made;
  const auto check = [config] {
    if (config->store.empty()) {
      throw CLI::RequiredError("--store=DIR, the folder of captures,");
    }
  };
  if (const std::optional<int> exit_status =
          ParseOptions(&app, argc, argv, check)) {
    return exit_status;
  }
  config->log.format = LogFormatOf(log_format);
  ServerConfig defaults;
  std::string default_format = "text";
  config->changed_options =
      ChangedOptions(app, MakeDaemonOptions(&defaults, &default_format).get());
  LetUsersConnect(app, config->identity, &config->transport);
  return std::nullopt;
}

}  // namespace dissectd::server
