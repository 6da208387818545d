// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/registry/extcap_programs.h"

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "core/epan/handles.h"

namespace dissectd::engine {
namespace {

// The option with Wireshark's version, which programs expect.
constexpr char kVersionOption[] = "--extcap-version=" G_STRINGIFY(
    WIRESHARK_VERSION_MAJOR) "." G_STRINGIFY(WIRESHARK_VERSION_MINOR);

std::optional<std::string> Interfaces(const std::string& path) {
  std::string program = path;
  char option[] = "--extcap-interfaces";
  std::string version = kVersionOption;
  char* arguments[] = {program.data(), option, version.data(), nullptr};
  char* output = nullptr;
  int status = 0;
  const gboolean ran =
      g_spawn_sync(nullptr, arguments, nullptr, G_SPAWN_STDERR_TO_DEV_NULL,
                   nullptr, nullptr, &output, nullptr, &status, nullptr);
  const GCharPtr owned(output);
  if (ran == FALSE || status != 0) return std::nullopt;
  return std::string(output);
}

// Returns the value in `extcap {version=1.0.0}{...}`.
std::string VersionIn(absl::string_view line) {
  constexpr absl::string_view kKey = "{version=";
  const size_t start = line.find(kKey);
  if (start == absl::string_view::npos) return "";
  line.remove_prefix(start + kKey.size());
  return std::string(line.substr(0, line.find('}')));
}

void FindIn(const char* folder, std::vector<ExtcapProgram>* programs) {
  GDir* dir = g_dir_open(folder, 0, nullptr);
  if (dir == nullptr) return;
  while (const char* name = g_dir_read_name(dir)) {
    const GCharPtr path(g_build_filename(folder, name, nullptr));
    if (g_file_test(path.get(), G_FILE_TEST_IS_REGULAR) == FALSE ||
        g_file_test(path.get(), G_FILE_TEST_IS_EXECUTABLE) == FALSE) {
      continue;
    }
    const std::optional<std::string> output = Interfaces(path.get());
    if (!output.has_value()) continue;
    ExtcapProgram program{name, "", path.get()};
    bool has_interface = false;
    for (const absl::string_view line : absl::StrSplit(*output, '\n')) {
      if (absl::StartsWith(line, "extcap ")) program.version = VersionIn(line);
      if (absl::StartsWith(line, "interface ")) has_interface = true;
    }
    if (has_interface) programs->push_back(program);
  }
  g_dir_close(dir);
}

}  // namespace

std::vector<ExtcapProgram> FindExtcapPrograms() {
  std::vector<ExtcapProgram> programs;
  FindIn(get_extcap_dir(), &programs);
  std::sort(programs.begin(), programs.end(),
            [](const ExtcapProgram& a, const ExtcapProgram& b) {
              return a.name < b.name;
            });
  return programs;
}

}  // namespace dissectd::engine
