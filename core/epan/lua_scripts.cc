// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/lua_scripts.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/error.h"
#include "core/base/private_folder.h"
#include "core/base/status_macros.h"
#include "core/epan/warning_collector.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

// As long as the name of a file can be.
constexpr size_t kMaxNameBytes = 255;
// What scripts print is for people; nobody reads more.
constexpr size_t kMaxPrintedLines = 100;

struct State {
  bool has_scripts = false;
  std::vector<std::string> notices;
  std::unique_ptr<WarningCollector> collector;
};

State& ProcessState() {
  static auto& state = *new State();
  return state;
}

absl::Status Error(absl::string_view what) {
  return absl::InternalError(
      absl::StrCat("scripts can't be run: ", what, ": ", std::strerror(errno)));
}

// Returns the names of the scripts' files.
std::vector<std::string> NamesOf(const std::vector<LuaScript>& scripts) {
  std::vector<std::string> names;
  names.reserve(scripts.size());
  for (const LuaScript& script : scripts) {
    names.push_back(script.name.empty()
                        ? absl::StrCat("script", names.size() + 1, ".lua")
                        : script.name);
  }
  return names;
}

bool IsValidName(absl::string_view name) {
  return name.size() <= kMaxNameBytes && name != "." && name != ".." &&
         std::none_of(name.begin(), name.end(), [](char c) {
           return c == '/' ||
                  absl::ascii_iscntrl(static_cast<unsigned char>(c));
         });
}

absl::Status EnterFolder() {
  ASSIGN_OR_RETURN(const std::string folder, PrivateFolder());
  const std::string path = absl::StrCat(folder, "/lua");
  std::error_code error;
  std::filesystem::create_directory(path, error);
  return !error && chdir(path.c_str()) == 0 ? absl::OkStatus() : Error(path);
}

// Makes the standard output a file, and returns its descriptor.
absl::StatusOr<int> RedirectOutput() {
  const int fd = memfd_create("printed", MFD_CLOEXEC);
  if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0) return Error("standard output");
  return fd;
}

void DiscardOutput() {
  std::fflush(stdout);
  const int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
  dup2(fd, STDOUT_FILENO);
  close(fd);
}

std::vector<std::string> LinesIn(int fd) {
  std::string content;
  char buffer[4096];
  ssize_t count = 0;
  while (content.size() < (64u << 10) &&
         (count = pread(fd, buffer, sizeof(buffer),
                        static_cast<off_t>(content.size()))) > 0) {
    content.append(buffer, static_cast<size_t>(count));
  }
  std::vector<std::string> lines = absl::StrSplit(content, '\n');
  if (lines.back().empty()) lines.pop_back();
  if (lines.size() > kMaxPrintedLines) lines.resize(kMaxPrintedLines);
  return lines;
}

}  // namespace

absl::Status CheckLuaScripts(const std::vector<LuaScript>& scripts) {
  std::set<std::string> names;
  for (const std::string& name : NamesOf(scripts)) {
    if (IsValidName(name) && names.insert(name).second) continue;
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        absl::StrCat(
            "\"", name,
            "\" can't be the name of a script: it has at "
            "most 255 bytes, no slashes and control characters, and no "
            "other script has it."),
        {"LUA_SCRIPT_NAME_INVALID", {{"script", name}}, {}});
  }
  return absl::OkStatus();
}

absl::Status LuaLoading::Begin(const std::vector<LuaScript>& scripts) {
  if (scripts.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(CheckLuaScripts(scripts));
  RETURN_IF_ERROR(EnterFolder());
  const std::vector<std::string> names = NamesOf(scripts);
  for (size_t i = 0; i < scripts.size(); ++i) {
    std::ofstream file(names[i], std::ios::binary);
    file << scripts[i].content;
    file.close();
    if (!file) return Error(names[i]);
    ex_opt_add(absl::StrCat("lua_script:", names[i]).c_str());
    for (const std::string& argument : scripts[i].arguments) {
      ex_opt_add(absl::StrCat("lua_script", i + 1, ":", argument).c_str());
    }
  }
  ASSIGN_OR_RETURN(printed_, RedirectOutput());
  ProcessState().has_scripts = true;
  ProcessState().collector = std::make_unique<WarningCollector>(
      [](absl::string_view report) { return std::string(report); });
  return absl::OkStatus();
}

void LuaLoading::Finish() {
  State& state = ProcessState();
  if (printed_ < 0) return;
  DiscardOutput();
  state.notices = LinesIn(printed_);
  const std::vector<std::string>& reports = WarningCollector::Collected();
  state.notices.insert(state.notices.end(), reports.begin(), reports.end());
  close(printed_);
  printed_ = -1;
}

LuaLoading::~LuaLoading() { ProcessState().collector.reset(); }

bool HasLuaScripts() { return ProcessState().has_scripts; }

const std::vector<std::string>& LuaNotices() { return ProcessState().notices; }

}  // namespace dissectd::engine
