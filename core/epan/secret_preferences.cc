// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/secret_preferences.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/epan/preference_modules.h"

namespace dissectd::engine {
namespace {

constexpr absl::string_view kPartsOfNames[] = {
    "passphrase", "passwd", "password", "psk", "pwd", "secret"};
// Names of keys that don't say so: those of the card interface of DVB.
constexpr absl::string_view kNames[] = {"sek", "siv"};

// Whether a name ends with the word "key" or "keys", with or without a number.
bool IsKey(absl::string_view name) {
  std::vector<absl::string_view> words = absl::StrSplit(name, '_');
  const bool has_number =
      words.size() > 1 && std::all_of(words.back().begin(), words.back().end(),
                                      absl::ascii_isdigit);
  if (has_number) words.pop_back();
  return words.back() == "key" || words.back() == "keys";
}

bool IsNameOfSecret(absl::string_view name) {
  return IsKey(name) ||
         std::any_of(std::begin(kPartsOfNames), std::end(kPartsOfNames),
                     [name](absl::string_view p) {
                       return absl::StrContains(name, p);
                     }) ||
         std::find(std::begin(kNames), std::end(kNames), name) !=
             std::end(kNames);
}

// Returns the full names of all secrets.
std::set<std::string> NamesOfSecrets() {
  std::set<std::string> names;
  for (const PreferenceModule& module : PreferenceModules()) {
    for (pref_t* preference : module.Preferences()) {
      if (IsSecret(preference)) names.insert(module.FullName(preference));
    }
  }
  return names;
}

absl::string_view NameIn(absl::string_view line) {
  return line.substr(0, line.find(':'));
}

}  // namespace

bool IsSecret(pref_t* preference) {
  const int type = prefs_get_type(preference);
  return type == PREF_PASSWORD ||
         (type == PREF_STRING && IsNameOfSecret(prefs_get_name(preference)));
}

std::string WithoutSecretsOf(absl::string_view profile,
                             absl::string_view text) {
  const std::set<std::string> names = NamesOfSecrets();
  std::set<absl::string_view> secrets;
  for (const absl::string_view line : absl::StrSplit(profile, '\n')) {
    if (names.count(std::string(NameIn(line))) != 0) secrets.insert(line);
  }
  std::string result;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (!result.empty() || line.data() != text.data()) result += '\n';
    // libwireshark writes default values as comments.
    result += secrets.count(line) == 0 ? std::string(line)
                                       : absl::StrCat("#", NameIn(line), ": ");
  }
  return result;
}

}  // namespace dissectd::engine
