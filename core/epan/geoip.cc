// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/geoip.h"

#include <dlfcn.h>
#include <epan/maxmind_db.h>

#include <filesystem>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/error.h"
#include "core/base/read_files.h"
#include "core/epan/handles.h"
#include "core/epan/warning_collector.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

constexpr char kProgram[] = "mmdbresolve";

// The folder of mmdbresolve, if it is needed.
std::string& ResolverFolder() {
  static auto& folder = *new std::string();
  return folder;
}

std::vector<std::string> DatabasesIn(const std::string& folder) {
  std::vector<std::string> paths;
  for (const std::string path : EntriesOf(folder)) {
    if (absl::EndsWith(path, ".mmdb")) paths.push_back(path);
  }
  return paths;
}

// Returns what mmdbresolve says about databases when it begins. It ends at
// once, as its standard input is empty.
std::string ReportOf(const std::string& program,
                     const std::vector<std::string>& databases) {
  std::vector<std::string> words = {program};
  for (const std::string& path : databases) {
    words.emplace_back("-f");
    words.push_back(path);
  }
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  char* output = nullptr;
  g_spawn_sync(nullptr, argv.data(), nullptr, G_SPAWN_STDERR_TO_DEV_NULL,
               nullptr, nullptr, &output, nullptr, nullptr, nullptr);
  const GCharPtr owned(output);
  return output == nullptr ? "" : output;
}

// Returns the part of a report that says what is wrong with a database; empty
// if it doesn't say.
std::string FaultIn(absl::string_view report) {
  constexpr absl::string_view kPath = ".path: ";
  constexpr absl::string_view kError = ".status: ERROR ";
  absl::string_view path;
  for (const absl::string_view line : absl::StrSplit(report, '\n')) {
    const size_t path_at = line.find(kPath);
    const size_t error_at = line.find(kError);
    if (path_at != absl::string_view::npos) {
      path = line.substr(path_at + kPath.size());
    }
    if (error_at != absl::string_view::npos) {
      return absl::StrCat(": ", path, ": ",
                          line.substr(error_at + kError.size()));
    }
  }
  return "";
}

}  // namespace

void ForgoGeoIp() { maxmind_db_set_synchrony(FALSE); }

std::string GeoIpProgram() {
  const GCharPtr program(g_find_program_in_path(kProgram));
  return program == nullptr ? "" : program.get();
}

absl::Status PrepareGeoIp(const std::string& folder, const std::string& name,
                          const Attachments& attachments) {
  const std::string program = GeoIpProgram();
  if (program.empty()) {
    WarningCollector::AddReport(absl::StrCat(
        "GeoIP databases can't be read: the daemon's machine has no program ",
        kProgram, "."));
    return absl::OkStatus();
  }
  const std::vector<std::string> databases = DatabasesIn(folder);
  if (!databases.empty()) {
    const std::string report = ReportOf(program, databases);
    if (!absl::StrContains(report, "mmdbresolve.status: true")) {
      return MakeError(
          absl::StatusCode::kInvalidArgument,
          absl::StrCat("A GeoIP database can't be read",
                       attachments.WithReferences(FaultIn(report)), "."),
          {"PREFERENCE_VALUE_INVALID", {{"preference", name}}, {}});
    }
  }
  ResolverFolder() = std::filesystem::path(program).parent_path();
  return absl::OkStatus();
}

}  // namespace dissectd::engine

// These replace functions of libwsutil for all libraries of this program.
// libwireshark looks for mmdbresolve only in the folder of the program that
// uses it, where Wireshark's own programs have it. 4.0 asks for the folder, and
// 4.4 for the program.
extern "C" const char* get_progfile_dir() {
  const std::string& folder = dissectd::engine::ResolverFolder();
  if (!folder.empty()) return folder.c_str();
  static const auto kOriginal =
      reinterpret_cast<const char* (*)()>(dlsym(RTLD_NEXT, "get_progfile_dir"));
  return kOriginal == nullptr ? nullptr : kOriginal();
}

#if WIRESHARK_VERSION_MINOR != 0
// NOLINTNEXTLINE(readability-identifier-naming): the name is libwsutil's.
extern "C" char* get_executable_path(const char* filename) {
  const std::string& folder = dissectd::engine::ResolverFolder();
  if (!folder.empty()) {
    return g_build_filename(folder.c_str(), filename, nullptr);
  }
  static const auto kOriginal = reinterpret_cast<char* (*)(const char*)>(
      dlsym(RTLD_NEXT, "get_executable_path"));
  return kOriginal == nullptr ? nullptr : kOriginal(filename);
}
#endif
