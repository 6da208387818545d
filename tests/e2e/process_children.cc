// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/process_children.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace dissectd {

std::vector<pid_t> ChildrenOf(pid_t pid) {
  // Reads the list of each thread, as any of them may have started a child.
  std::vector<pid_t> children;
  std::error_code error;
  const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks, error)) {
    std::ifstream file(task.path() / "children");
    pid_t child;
    while (file >> child) children.push_back(child);
  }
  return children;
}

}  // namespace dissectd
