// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/settings.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/private_folder.h"
#include "core/base/processor_time.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "core/epan/attachments.h"
#include "core/epan/keytab.h"
#include "core/epan/lua_scripts.h"
#include "core/epan/profile.h"
#include "core/epan/warning_collector.h"
#include "core/sandbox/worker_sandbox.h"

namespace dissectd::engine {
namespace {

// Applies a list of options one by one.
template <typename Option, typename ApplyFn>
absl::Status ApplyEach(absl::string_view name,
                       const std::vector<Option>& options, ApplyFn apply,
                       OptionErrorFn on_error) {
  for (size_t i = 0; i < options.size(); ++i) {
    const absl::Status applied = apply(options[i]);
    if (applied.ok()) continue;
    RETURN_IF_ERROR(on_error(absl::StrCat(name, "[", i, "]"), applied));
  }
  return absl::OkStatus();
}

// The secrets that libwireshark reads from files which preferences name.
struct KeyLog {
  absl::string_view part;
  const char* preference;
  const std::string& content;
};

std::vector<KeyLog> KeyLogsOf(const DissectionOptions& options) {
  std::vector<KeyLog> logs;
  for (const KeyLog& log :
       {KeyLog{"ssh_key_log", "ssh.keylog_file", options.ssh_key_log},
        KeyLog{"wireguard_key_log", "wg.keylog_file",
               options.wireguard_key_log}}) {
    if (!log.content.empty()) logs.push_back(log);
  }
  return logs;
}

bool SetsPreferences(const DissectionOptions& options) {
  return !options.preferences.empty() || !KeyLogsOf(options).empty();
}

// Restricts this process to what reading the settings of a request needs.
// Scripts may do what the user can, as the operator has allowed.
absl::Status EnterSandbox(const DissectionOptions& options) {
  if (HasLuaScripts()) {
    WorkerSandbox::LeaveOpen();
    return absl::OkStatus();
  }
  std::string folder;
  const bool writes = std::any_of(options.attachments.begin(),
                                  options.attachments.end(), IsInFolder);
  if (writes) {
    ASSIGN_OR_RETURN(folder, PrivateFolder());
  }
  return WorkerSandbox::ConfineSettings(folder);
}

absl::Status ApplyPreferencesOf(const DissectionOptions& options,
                                const Attachments& attachments,
                                OptionErrorFn on_error) {
  if (!SetsPreferences(options)) return absl::OkStatus();
  for (const KeyLog& log : KeyLogsOf(options)) {
    const absl::Status set = SetFilePreference(log.preference, log.content);
    if (!set.ok()) RETURN_IF_ERROR(on_error(log.part, set));
  }
  RETURN_IF_ERROR(ApplyEach(
      "preferences", options.preferences,
      [&attachments](const PreferenceSetting& setting) {
        return SetPreference(setting, attachments);
      },
      on_error));
  ApplyPreferences();
  return absl::OkStatus();
}

absl::Status ApplyProtocolSwitches(const ProtocolSwitches& switches,
                                   OptionErrorFn on_error) {
  const auto disable = [](const std::string& name) {
    return SetProtocolEnabled(name, false);
  };
  const auto enable = [](const std::string& name) {
    return SetProtocolEnabled(name, true);
  };
  const auto disable_heuristic = [](const std::string& name) {
    return SetHeuristicEnabled(name, false);
  };
  const auto enable_heuristic = [](const std::string& name) {
    return SetHeuristicEnabled(name, true);
  };
  RETURN_IF_ERROR(ApplyEach("disabled_protocols", switches.disabled_protocols,
                            disable, on_error));
  RETURN_IF_ERROR(ApplyEach("enabled_protocols", switches.enabled_protocols,
                            enable, on_error));
  RETURN_IF_ERROR(ApplyEach("disabled_heuristics", switches.disabled_heuristics,
                            disable_heuristic, on_error));
  return ApplyEach("enabled_heuristics", switches.enabled_heuristics,
                   enable_heuristic, on_error);
}

absl::Status CheckScripts(const std::vector<LuaScript>& scripts,
                          const WorkerPolicy& policy) {
  if (scripts.empty() || policy.allow_lua) return CheckLuaScripts(scripts);
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      "This daemon runs no scripts in Lua: its operator would have "
      "to start it with --allow-lua.",
      {"LUA_NOT_ALLOWED", {}, {}});
}

// Makes the process begin again if it has another profile than the options, or
// if they have scripts.
absl::Status UseInitOptions(const DissectionOptions& options,
                            const WorkerPolicy& policy,
                            OptionErrorFn on_error) {
  const std::string current = CurrentProfile().name;
  InitOptions wanted = {current, {}};
  if (!options.profile.empty()) {
    const absl::Status valid = CheckProfile(options.profile);
    if (!valid.ok()) return on_error("profile", valid);
    wanted.profile = options.profile;
  }
  const absl::Status allowed = CheckScripts(options.lua_scripts, policy);
  if (!allowed.ok()) return on_error("lua_scripts", allowed);
  const bool runs_scripts = !options.lua_scripts.empty() && !HasLuaScripts();
  if (wanted.profile == current && !runs_scripts) return absl::OkStatus();
  if (policy.restart == nullptr) {
    return absl::InternalError("this process can't begin again");
  }
  wanted.lua_scripts = options.lua_scripts;
  return policy.restart(wanted);
}

}  // namespace

bool NeedsOwnInitialisation(const DissectRequest& request,
                            const WorkerPolicy& policy) {
  const DissectionOptions& options = request.options;
  return SetsPreferences(options) || !options.kerberos_keytab.empty() ||
         !options.decode_as.empty() || !options.protocols.empty() ||
         !options.hosts.empty() || options.default_decode_as ||
         // Other workers must not be able to guess the ids of queries to name
         // servers.
         AsksNameServers(options.name_resolution,
                         policy.allow_external_resolver);
}

absl::Status ApplyOptions(const DissectionOptions& options,
                          const WorkerPolicy& policy, OptionErrorFn on_error) {
  const auto check = [on_error](absl::string_view part,
                                const absl::Status& applied) {
    return applied.ok() ? applied : on_error(part, applied);
  };
  // This comes first, as the process begins again.
  RETURN_IF_ERROR(UseInitOptions(options, policy, on_error));
  RETURN_IF_ERROR(EnterSandbox(options));
  const ProcessorTimeBound time(kMaxPreparationTime);
  absl::StatusOr<Attachments> created =
      Attachments::Create(options.attachments);
  const absl::Status attached = created.status();
  const Attachments attachments =
      created.ok() ? *std::move(created) : Attachments();
  const WarningCollector collector([&attachments](absl::string_view warning) {
    return attachments.WithReferences(warning);
  });
  for (const std::string& notice : LuaNotices()) {
    WarningCollector::AddReport(notice);
  }
  RETURN_IF_ERROR(check("time_zone", ApplyTimeZone(options.time_zone)));
  RETURN_IF_ERROR(
      check("timestamp_format", ApplyTimeFormat(options.time_format)));
  RETURN_IF_ERROR(check("attachments", attached));
  if (options.default_decode_as) ResetDecodeAs();
  if (!options.kerberos_keytab.empty()) {
    RETURN_IF_ERROR(
        check("kerberos_keytab", AddKeytab(options.kerberos_keytab)));
  }
  RETURN_IF_ERROR(ApplyPreferencesOf(options, attachments, on_error));
  RETURN_IF_ERROR(check("name_resolution",
                        ApplyNameResolution(options.name_resolution,
                                            policy.allow_external_resolver)));
  RETURN_IF_ERROR(ApplyProtocolSwitches(options.protocols, on_error));
  RETURN_IF_ERROR(
      ApplyEach("decode_as", options.decode_as, ApplyDecodeAs, on_error));
  if (options.hosts.empty()) return absl::OkStatus();
  return check("hosts", AddHosts(options.hosts));
}

absl::Status ApplyOptions(const DissectionOptions& options,
                          const WorkerPolicy& policy) {
  return ApplyOptions(
      options, policy,
      [](absl::string_view, const absl::Status& error) { return error; });
}

absl::Status ApplySettings(const DissectRequest& request,
                           const WorkerPolicy& policy) {
  RETURN_IF_ERROR(ApplyOptions(request.options, policy));
  if (request.view.columns.columns.empty()) return absl::OkStatus();
  const ProcessorTimeBound time(kMaxPreparationTime);
  return SetColumnFormat(request.view.columns.columns);
}

}  // namespace dissectd::engine
