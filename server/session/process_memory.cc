// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/process_memory.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/read_files.h"

namespace dissectd::server {
namespace {

struct Usage {
  // The memory that is no file's, in pages.
  uint64_t pages = 0;
  // The number of times at which it got a page, or a copy of its parent's,
  // since its fork.
  uint64_t faults = 0;
  pid_t parent = 0;
};

std::string FolderOf(pid_t process) { return absl::StrCat("/proc/", process); }

Usage UsageOf(pid_t process) {
  Usage usage;
  std::ifstream memory(FolderOf(process) + "/statm");
  uint64_t total = 0;
  uint64_t resident = 0;
  uint64_t of_files = 0;
  if (memory >> total >> resident >> of_files && resident > of_files) {
    usage.pages = resident - of_files;
  }
  const std::string stat = ContentOf(FolderOf(process) + "/stat");
  // The name, in parentheses, can have any characters.
  const size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return usage;
  std::istringstream fields(stat.substr(name_end + 1));
  std::string skipped;
  fields >> skipped >> usage.parent;
  // The numbers up to the flags.
  constexpr int kFieldsBefore = 5;
  for (int i = 0; i < kFieldsBefore; ++i) fields >> skipped;
  fields >> usage.faults;
  return usage;
}

std::vector<pid_t> ChildrenOf(pid_t process) {
  std::vector<pid_t> children;
  for (const std::filesystem::path& task :
       EntriesOf(FolderOf(process) + "/task")) {
    std::ifstream file(task / "children");
    pid_t child = 0;
    while (file >> child) children.push_back(child);
  }
  return children;
}

}  // namespace

uint64_t MemoryOfFamily(pid_t process, pid_t copying) {
  struct Member {
    pid_t process;
    uint64_t pages_of_parent;
  };
  uint64_t pages = 0;
  std::vector<Member> members = {
      {process, UsageOf(UsageOf(process).parent).pages}};
  while (!members.empty()) {
    const Member member = members.back();
    members.pop_back();
    const Usage usage = UsageOf(member.process);
    const uint64_t more = usage.pages > member.pages_of_parent
                              ? usage.pages - member.pages_of_parent
                              : 0;
    // A fault can bring more than one page, but then the process grows.
    const uint64_t got = std::max(more, usage.faults);
    pages += member.process == copying ? got : std::min(usage.pages, got);
    for (const pid_t child : ChildrenOf(member.process)) {
      members.push_back({child, usage.pages});
    }
  }
  return pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace dissectd::server
