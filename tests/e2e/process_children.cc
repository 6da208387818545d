// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/process_children.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/base/read_files.h"

namespace dissectd {
namespace {

// Returns what the kernel says of a process after its name: its state, its
// parent and more; empty if it is gone.
std::string StateOf(pid_t pid) {
  const std::string status =
      ContentOf("/proc/" + std::to_string(pid) + "/stat");
  const size_t name_end = status.rfind(')');
  return name_end == std::string::npos ? "" : status.substr(name_end + 2);
}

}  // namespace

pid_t ParentOf(pid_t pid) {
  const std::string state = StateOf(pid);
  return state.empty() ? 0 : std::stoi(state.substr(2));
}

bool IsRunning(pid_t pid) {
  const std::string state = StateOf(pid);
  // Zombies have ended.
  return !state.empty() && state[0] != 'Z';
}

std::vector<pid_t> ChildrenOf(pid_t pid) {
  // Reads the list of each thread, as any of them may have started a child.
  std::vector<pid_t> children;
  for (const std::filesystem::path& task :
       EntriesOf("/proc/" + std::to_string(pid) + "/task")) {
    std::ifstream file(task / "children");
    pid_t child;
    while (file >> child) children.push_back(child);
  }
  return children;
}

bool IsEngine(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
  std::string name;
  return std::getline(file, name) && name == "dissectd-engine";
}

pid_t EngineOf(pid_t daemon) {
  // Programs that capture are children, too.
  const std::vector<pid_t> children = ChildrenOf(daemon);
  const auto engine = std::find_if(children.begin(), children.end(), IsEngine);
  return engine == children.end() ? 0 : *engine;
}

}  // namespace dissectd
