// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TOOLS_MANUAL_OPTION_PAGES_H_
#define TOOLS_MANUAL_OPTION_PAGES_H_

#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"

namespace dissectd::manual {

// A manual page.
struct Page {
  // The name with its section, such as `dissectctl-read.1`.
  std::string file_name;
  // In the language of man(7).
  std::string source;
};

// What the definition of a program's options doesn't say.
struct Program {
  // The section of its pages.
  int section = 1;
  // The program's name and version.
  std::string version;
  // The date of the pages, as 2026-01-31.
  std::string date;
  // Variables of the environment besides those of options, and their meaning.
  std::vector<std::pair<std::string, std::string>> variables;
  // The exit statuses, and their meaning.
  std::vector<std::pair<std::string, std::string>> exit_statuses;
};

// Returns a page about a program, and one about each of its commands and the
// commands below them, with what their help says.
std::vector<Page> PagesOf(const CLI::App& app, const Program& program);

}  // namespace dissectd::manual

#endif  // TOOLS_MANUAL_OPTION_PAGES_H_
