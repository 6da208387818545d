// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/glib_log.h"

#include <glib.h>

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "spdlog/spdlog.h"

namespace dissectd::engine {
namespace {

spdlog::level::level_enum LevelOf(GLogLevelFlags level) {
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) != 0) {
    return spdlog::level::err;
  }
  if ((level & G_LOG_LEVEL_WARNING) != 0) return spdlog::level::warn;
  return spdlog::level::debug;
}

// Only fields with the length -1 end with NUL.
std::string TextOf(const GLogField& field) {
  const auto* text = static_cast<const char*>(field.value);
  return field.length < 0
             ? std::string(text)
             : std::string(text, static_cast<size_t>(field.length));
}

GLogWriterOutput WriteLog(GLogLevelFlags level, const GLogField* fields,
                          gsize count, gpointer) {
  std::string domain = "GLib";
  std::string message;
  for (gsize i = 0; i < count; ++i) {
    const absl::string_view key = fields[i].key;
    if (key == "GLIB_DOMAIN") domain = TextOf(fields[i]);
    if (key == "MESSAGE") message = TextOf(fields[i]);
  }
  spdlog::log(LevelOf(level), "{}: {}", domain, message);
  return G_LOG_WRITER_HANDLED;
}

void LogPrinted(const char* text) {
  spdlog::info("printed: {}",
               std::string(absl::StripTrailingAsciiWhitespace(text)));
}

}  // namespace

void RedirectGlibLog() {
  g_log_set_writer_func(WriteLog, nullptr, nullptr);
  g_set_print_handler(LogPrinted);
  g_set_printerr_handler(LogPrinted);
}

}  // namespace dissectd::engine
