// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/tshark/translation.h"

#include <initializer_list>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace dissectd::cli::tshark {
namespace {

using Words = std::vector<std::string>;
using OptionSet = std::initializer_list<int>;

// The options that several commands of dissectctl have.
constexpr OptionSet kProcessing = {'Y',
                                   'n',
                                   'N',
                                   'd',
                                   'H',
                                   'C',
                                   'K',
                                   kEnableProtocol,
                                   'o',
                                   kDisableProtocol,
                                   kEnableHeuristic,
                                   kDisableHeuristic};
constexpr OptionSet kPrinting = {
    'T', 'V', 'O', 'P', 'x', 'S', 'e',      'E',    'j',
    'J', 't', 'u', 'l', 'q', 'Q', kHexDump, kColor, kNoDuplicateKeys};
constexpr OptionSet kSelection = {'2', 'R', 'c'};
constexpr OptionSet kWriting = {'w', 'F', 'W', kCaptureComment};
constexpr OptionSet kCapturing = {
    'i', 'f', 's', 'p', 'I', 'B', 'y', kTimestampType, 'c',
    'a', 'b', 'F', 'g', 'M', '2', 'R', kCaptureComment};
constexpr OptionSet kAnalysis = {'z', kExportObjects, kExportTlsSessionKeys};
constexpr OptionSet kInterfaces = {'i', 'I', 'L', kListTimestampTypes};

// Appends an option with its value, if it has one.
void Append(const GivenOption& given, Words* words) {
  const std::string name = OptionText(given.option);
  if (given.value.empty()) {
    words->push_back(name);
    if (TakesValue(given.option)) words->emplace_back();
    return;
  }
  // A value that begins with a dash isn't taken for an option if it is joined.
  words->push_back(
      absl::StrCat(name, absl::StartsWith(name, "--") ? "=" : "", given.value));
}

// Appends the given options that are in a set.
void AppendAll(const Arguments& arguments, OptionSet set, Words* words) {
  for (const GivenOption& given : arguments.options) {
    if (absl::c_linear_search(set, given.option)) Append(given, words);
  }
}

// Appends the name of the reader that the first `-X read_format:NAME` gives.
// tshark ignores all other extensions.
void AppendReadFormat(const Arguments& arguments, Words* words) {
  for (const GivenOption& given : arguments.options) {
    absl::string_view value = given.value;
    if (given.option == 'X' && absl::ConsumePrefix(&value, "read_format:")) {
      words->push_back(absl::StrCat("--read-format=", value));
      return;
    }
  }
}

// Appends the scripts and their arguments. tshark ignores what has no colon.
void AppendScripts(const Arguments& arguments, Words* words) {
  for (const GivenOption& given : arguments.options) {
    if (given.option == 'X' && absl::StartsWith(given.value, "lua_script") &&
        absl::StrContains(given.value, ':')) {
      words->push_back(absl::StrCat("-X", given.value));
    }
  }
}

// Limits the number of frames that pass the filters as `-a packets:N` does:
// tshark counts frames that it writes, or prints in its only pass.
void AppendPacketLimit(const Arguments& arguments, Words* words) {
  if (arguments.Has('2') && !arguments.Has('w')) return;
  for (const GivenOption& given : arguments.options) {
    absl::string_view value = given.value;
    if (given.option == 'a' && absl::ConsumePrefix(&value, "packets:")) {
      words->push_back(absl::StrCat("--limit=", value));
    }
  }
}

// Appends the operands, none of which is an option.
void AppendOperands(const Arguments& arguments, Words operands, Words* words) {
  operands.insert(operands.end(), arguments.words.begin(),
                  arguments.words.end());
  if (operands.empty()) return;
  words->emplace_back("--");
  words->insert(words->end(), operands.begin(), operands.end());
}

}  // namespace

Words ReadCommand(const Arguments& arguments, const std::string& file,
                  bool prints) {
  Words words = {"read", "--local", "--as-tshark"};
  AppendAll(arguments, kProcessing, &words);
  AppendScripts(arguments, &words);
  AppendAll(arguments, kSelection, &words);
  AppendPacketLimit(arguments, &words);
  AppendReadFormat(arguments, &words);
  AppendAll(arguments, kAnalysis, &words);
  if (!prints) words.emplace_back("-q");
  AppendAll(arguments, kPrinting, &words);
  AppendOperands(arguments, {file}, &words);
  return words;
}

Words WriteCommand(const Arguments& arguments, const std::string& file,
                   bool read_follows) {
  Words words = {"write", "--local", "--as-tshark"};
  if (read_follows) words.emplace_back("--also-read");
  AppendAll(arguments, kProcessing, &words);
  AppendScripts(arguments, &words);
  AppendAll(arguments, kSelection, &words);
  AppendPacketLimit(arguments, &words);
  AppendReadFormat(arguments, &words);
  AppendAll(arguments, kWriting, &words);
  AppendOperands(arguments, {file}, &words);
  return words;
}

Words CaptureCommand(const Arguments& arguments) {
  Words words = {"capture", "--as-tshark"};
  AppendAll(arguments, kCapturing, &words);
  AppendAll(arguments, kAnalysis, &words);
  AppendAll(arguments, kProcessing, &words);
  AppendScripts(arguments, &words);
  AppendAll(arguments, kPrinting, &words);
  if (arguments.Has('w')) {
    words.push_back(absl::StrCat("--output=", arguments.Last('w')));
  }
  AppendOperands(arguments, {}, &words);
  return words;
}

Words InterfacesCommand(const Arguments& arguments) {
  Words words = {"interfaces"};
  AppendAll(arguments, kInterfaces, &words);
  return words;
}

Words ReportsCommand(const std::vector<GivenOption>& names) {
  Words words = {"reports"};
  for (const GivenOption& given : names) Append(given, &words);
  return words;
}

Words ReportCommand(const Arguments& arguments, const std::string& report) {
  Words words = {"glossary", report};
  // tshark ignores those that the report doesn't depend on.
  if (report == "currentprefs") AppendAll(arguments, {'C'}, &words);
  if (report == "elastic-mapping") {
    AppendAll(arguments, {kElasticMappingFilter}, &words);
  }
  return words;
}

}  // namespace dissectd::cli::tshark
