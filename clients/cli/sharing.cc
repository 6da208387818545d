// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/sharing.h"

#include <cstdio>

#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/table.h"

namespace dissectd::cli {
namespace {

// The owner of captures on a daemon that doesn't know its callers.
constexpr absl::string_view kAnonymous = "anonymous";

}  // namespace

void AddReaders(CLI::App* command, std::vector<std::string>* readers) {
  AddList(command, "--reader", readers,
          "Who may read it besides its owner: the name of a caller, \"group:\" "
          "and the name of a group, or \"*\" for all; may be repeated; nobody "
          "by default")
      ->type_name("NAME");
}

void PrintSharing(const std::string& owner, const ReaderNames& readers,
                  bool with_head) {
  Table table(
      {{"OWNER", 30, Table::Align::kLeft}, {"READERS", 0, Table::Align::kLeft}},
      with_head);
  table.Print({owner.empty() ? "-" : owner,
               readers.empty() ? "-" : absl::StrJoin(readers, ",")});
}

void PrintSharingBelow(const std::string& owner, const ReaderNames& readers,
                       bool with_head) {
  const bool is_shared_by_all = owner.empty() || owner == kAnonymous;
  if (is_shared_by_all && readers.empty()) return;
  std::fputs("\n", stdout);
  PrintSharing(owner, readers, with_head);
}

}  // namespace dissectd::cli
