// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/library.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "core/epan/glib_log.h"
#include "core/epan/handles.h"
#include "core/epan/personal_folder.h"
#include "core/epan/plugins.h"
#include "core/epan/preference_modules.h"
#include "core/epan/profile.h"
#include "core/epan/registry.h"
#include "core/epan/report_routines.h"
#include "core/epan/warning_collector.h"
#include "core/epan/wireshark.h"
#include "core/epan/wireshark_version.h"
#include "spdlog/spdlog.h"

namespace dissectd::engine {
namespace {

spdlog::level::level_enum ToSpdlogLevel(ws_log_level level) {
  switch (level) {
    case LOG_LEVEL_NOISY:
      return spdlog::level::trace;
    case LOG_LEVEL_DEBUG:
      return spdlog::level::debug;
    case LOG_LEVEL_INFO:
    case LOG_LEVEL_MESSAGE:
      return spdlog::level::info;
    case LOG_LEVEL_WARNING:
      return spdlog::level::warn;
    default:
      return spdlog::level::err;
  }
}

std::string FormatV(const char* format, va_list arguments) {
  const GCharPtr text(g_strdup_vprintf(format, arguments));
  return text.get();
}

// Returns whether a message is for the client whose settings are applied. Those
// of GLib are about failed assertions: faults of libwireshark's, which the
// client can't mend.
bool IsForClients(absl::string_view domain, ws_log_level level) {
  return level >= LOG_LEVEL_WARNING && !absl::StartsWith(domain, "GLib");
}

void WriteLog(const char* domain, ws_log_level level, const char* format,
              va_list arguments) {
  const std::string text = FormatV(format, arguments);
  const std::string name = domain == nullptr ? "" : domain;
  if (IsForClients(name, level)) WarningCollector::Add(text);
  spdlog::log(ToSpdlogLevel(level), "wireshark: {}: {}", name, text);
}

void ReportCommandLineError(const char* format, va_list arguments) {
  spdlog::error("wireshark: {}", FormatV(format, arguments));
}

// Opens standard input if libwireshark has closed it: its scanner of a
// dictionary does so. Otherwise the first descriptor that comes with a request
// would get its number, and be closed when a worker begins again and
// initialises libwireshark.
absl::Status KeepStandardInputOpen() {
  if (fcntl(STDIN_FILENO, F_GETFD) >= 0) return absl::OkStatus();
  // The lowest free number.
  if (open("/dev/null", O_RDONLY) == STDIN_FILENO) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, "standard input can't be opened again");
}

StartingPreferences* MutablePreferencesAtStart() {
  static auto* preferences = new StartingPreferences();
  return preferences;
}

}  // namespace

const StartingPreferences& PreferencesAtStart() {
  return *MutablePreferencesAtStart();
}

absl::Status InitLibrary(const char* program) {
  return InitLibrary(program, InitOptions{DEFAULT_PROFILE, {}});
}

absl::Status InitLibrary(const char* program, const InitOptions& options) {
  ws_log_init_with_writer_and_data(program, WriteLogOfLibrary<WriteLog>,
                                   nullptr, nullptr, ReportCommandLineError);
  RedirectGlibLog();
  InitReportRoutines(program);
  init_process_policies();
  LeaveOutUnreadableConfiguration();
  const GCharPtr configuration_error(configuration_init(program, nullptr));
  if (configuration_error != nullptr) {
    spdlog::warn("wireshark: can't find the folder of this program: {}",
                 configuration_error.get());
  }
  RETURN_IF_ERROR(SelectProfile(options.profile));
  // These are tshark's defaults; a request may set others.
  timestamp_set_type(TS_RELATIVE);
  timestamp_set_precision(TS_PREC_AUTO);
  timestamp_set_seconds_type(TS_SECONDS_DEFAULT);
  LuaLoading scripts;
  RETURN_IF_ERROR(scripts.Begin(options.lua_scripts));
  {
    const PluginLoading plugins;
    wtap_init(TRUE);
    if (!epan_init(nullptr, nullptr, TRUE)) {
      return absl::InternalError("libwireshark could not be initialised");
    }
  }
  // The trees of counters, and what their settings need. Without a list, it
  // registers those that dissectors and plugins have.
  tap_reg_t no_taps[] = {{nullptr, nullptr}};
  register_all_tap_listeners(no_taps);
  scripts.Finish();
  MutablePreferencesAtStart()->defaults = PreferencesFileText();
  epan_load_settings();
  MutablePreferencesAtStart()->profile = PreferencesFileText();
  prefs_apply_all();
  // Registers all fields before the forks, so that they have the same numbers
  // in all workers.
  proto_initialize_all_prefixes();
  FieldNumberLimit();
  return KeepStandardInputOpen();
}

size_t FieldNumberLimit() {
  static const size_t kLimit = [] {
    int largest = 0;
    ForEachProtocolAndField([&](const header_field_info* field) {
      largest = std::max(largest, field->id);
    });
    return static_cast<size_t>(largest) + 1;
  }();
  return kLimit;
}

std::string WiresharkVersion() {
  int major = 0;
  int minor = 0;
  int micro = 0;
  epan_get_version_number(&major, &minor, &micro);
  return std::to_string(major) + "." + std::to_string(minor) + "." +
         std::to_string(micro);
}

const EngineInfo& ThisEngine() {
  static const auto* const kEngine =
      new EngineInfo{"wireshark-" + WiresharkVersion(), WiresharkVersion()};
  return *kEngine;
}

}  // namespace dissectd::engine
