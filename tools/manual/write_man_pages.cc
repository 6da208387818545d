// SPDX-License-Identifier: GPL-2.0-or-later
//
// Writes the manual pages of dissectctl and dissectd into a folder, from the
// definitions of their options. Arguments: the folder, and the date of the
// pages as 2026-01-31.

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "clients/cli/command_line.h"
#include "clients/cli/version.h"
#include "server/config.h"
#include "server/daemon_options.h"
#include "server/fleet/fleet_config.h"
#include "server/fleet/fleet_options.h"
#include "server/version.h"
#include "tools/manual/option_pages.h"

namespace dissectd::manual {
namespace {

std::vector<Page> ClientPages(const std::string& date) {
  cli::ConnectionChoice choice;
  cli::Action action;
  Program program;
  program.section = 1;
  program.version = absl::StrCat("dissectctl ", cli::kVersion);
  program.date = date;
  program.variables = {
      {"DISSECTD_TOKEN",
       "Your token itself. There is no option for it, as other users of a "
       "machine see command lines."},
      {"DISSECTD_CONFIG",
       "The file with contexts, instead of ~/.config/dissectd/config.json."},
      {"DISSECTD_COMPLETION_SECONDS",
       "How long a shell that completes a word waits for the daemon; 1 by "
       "default."}};
  program.exit_statuses = {
      {"0", "Success."},
      {"1", "The command line is wrong, or a capture can't start."},
      {"2",
       "A file can't be opened or read to its end; a display filter is wrong; "
       "a "
       "session has no such frame; or the daemon doesn't allow what was asked "
       "for."},
      {"3",
       "The daemon can't be reached, is too busy, or failed; or frames are "
       "missing that crash a dissector."},
      {"4",
       "The output can't be written, or a file of its name is in the store "
       "already; the filter given to \"dissectctl filter\" is wrong."}};
  return PagesOf(*cli::MakeProgram(&choice, &action), program);
}

std::vector<Page> DaemonPages(const std::string& date) {
  server::ServerConfig config;
  std::string log_format = "text";
  Program program;
  program.section = 8;
  program.version = absl::StrCat("dissectd ", server::kVersion);
  program.date = date;
  return PagesOf(*server::MakeDaemonOptions(&config, &log_format), program);
}

std::vector<Page> FleetPages(const std::string& date) {
  server::FleetConfig config;
  std::string log_format = "text";
  Program program;
  program.section = 8;
  program.version = absl::StrCat("dissectd-fleet ", server::kVersion);
  program.date = date;
  return PagesOf(*server::MakeFleetOptions(&config, &log_format), program);
}

bool Write(const std::string& folder, const std::vector<Page>& pages) {
  for (const Page& page : pages) {
    const std::string path = absl::StrCat(folder, "/", page.file_name);
    std::ofstream file(path);
    file << page.source;
    file.close();
    if (!file) {
      std::fprintf(stderr, "can't write \"%s\"\n", path.c_str());
      return false;
    }
  }
  return true;
}

}  // namespace
}  // namespace dissectd::manual

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: write_man_pages FOLDER DATE\n");
    return EXIT_FAILURE;
  }
  const bool written =
      dissectd::manual::Write(argv[1],
                              dissectd::manual::ClientPages(argv[2])) &&
      dissectd::manual::Write(argv[1],
                              dissectd::manual::DaemonPages(argv[2])) &&
      dissectd::manual::Write(argv[1], dissectd::manual::FleetPages(argv[2]));
  return written ? EXIT_SUCCESS : EXIT_FAILURE;
}
