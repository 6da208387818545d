// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/mibs.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "core/epan/library.h"
#include "core/epan/warning_collector.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

bool mibs_are_expected = false;

}  // namespace

bool IsMibModuleName(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
           c == '_';
  });
}

void ExpectMibs() { mibs_are_expected = true; }

void LoadExpectedMibs() {
  if (!mibs_are_expected) return;
  if (absl::StrContains(PreferencesAtStart().profile,
                        "\nnameres.load_smi_modules: TRUE\n")) {
    WarningCollector::AddReport(
        "The MIBs of the request aren't read, as the profile has MIBs.");
    return;
  }
  oids_init();
}

}  // namespace dissectd::engine
