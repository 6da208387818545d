// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/parse_error_text.h"

#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "clients/cli/nearest_word.h"

namespace dissectd::cli {
namespace {

// What users of similar programs may type in place of a command or an option
// before it, and the command that does it.
constexpr struct {
  absl::string_view word;
  absl::string_view command;
} kSynonyms[] = {
    {"-D", "interfaces"},
    {"-G", "glossary"},
    {"-L", "interfaces -L"},
    {"-i", "capture -i"},
    {"-r", "read"},
    {"-v", "--version"},
    {"-w", "write"},
    {"decode", "read"},
    {"delete", "files delete"},
    {"dissect", "read"},
    {"download", "files download"},
    {"dump", "capture"},
    {"events", "watch"},
    {"export", "write"},
    {"fields", "glossary fields"},
    {"get", "files get"},
    {"list", "files list"},
    {"ls", "files list"},
    {"open", "read"},
    {"print", "read"},
    {"ps", "captures list"},
    {"put", "files upload"},
    {"rm", "files delete"},
    {"show", "read"},
    {"sniff", "capture"},
    {"start", "capture"},
    {"statistics", "rates"},
    {"status", "info"},
    {"upload", "files upload"},
    {"version", "--version"},
    {"view", "read"},
};

// What users of similar programs may type after a command, and the command or
// option that does it.
constexpr struct {
  absl::string_view command;
  absl::string_view word;
  absl::string_view meant;
} kSynonymsAfterCommands[] = {
    {"captures", "kill", "stop --kill"},
    {"captures", "ls", "captures list"},
    {"captures", "rates", "rates"},
    {"captures", "rm", "captures delete"},
    {"captures", "show", "captures get"},
    {"captures", "start", "capture"},
    {"captures", "stop", "stop"},
    {"captures", "watch", "watch"},
    {"capture", "--count", "-c"},
    {"capture", "--fields", "-T fields -e"},
    {"capture", "--filter", "-f"},
    {"capture", "--json", "-T json"},
    {"capture", "--verbose", "-V"},
    {"capture", "-D", "interfaces"},
    {"capture", "-L", "interfaces -L"},
    {"capture", "-r", "read"},
    {"files", "add", "files upload"},
    {"files", "cat", "files download"},
    {"files", "info", "files get"},
    {"files", "ls", "files list"},
    {"files", "put", "files upload"},
    {"files", "rm", "files delete"},
    {"files", "show", "files get"},
    {"interfaces", "-D", "interfaces"},
    {"read", "--count", "-c"},
    {"read", "--fields", "-T fields -e"},
    {"read", "--filter", "-Y"},
    {"read", "--json", "-T json"},
    {"read", "--verbose", "-V"},
    {"read", "-f", "-Y"},
    {"read", "-i", "capture -i"},
    {"read", "-r", "read FILE"},
    {"read", "-w", "write"},
    {"session open", "-Y", "read --session -Y"},
    {"session reload", "-Y", "read --session -Y"},
    {"stat", "-Y", "-z REPORT,FILTER"},
    {"stat", "rtt", "--plot=rtt"},
    {"stat", "stevens", "--plot=stevens"},
    {"stat", "tcptrace", "--plot=tcptrace"},
    {"stat", "throughput", "--plot=throughput"},
    {"stat", "window", "--plot=window"},
    {"write", "--filter", "-Y"},
    {"write", "--output", "-w"},
    {"write", "-T", "read -T"},
    {"write", "-V", "read -V"},
    {"write", "-f", "-Y"},
    {"write", "-r", "write FILE"},
};

bool IsOption(absl::string_view word) {
  return word.size() > 1 && absl::StartsWith(word, "-");
}

// Returns the words of a command without the program's name; empty for the
// program.
std::string PathOf(const CLI::App& app) {
  if (app.get_parent() == nullptr) return std::string();
  const std::string parent = PathOf(*app.get_parent());
  return parent.empty() ? app.get_name()
                        : absl::StrCat(parent, " ", app.get_name());
}

// Returns the innermost command that was given.
const CLI::App& CommandIn(const CLI::App& program) {
  const CLI::App* command = &program;
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().back();
  }
  return *command;
}

std::vector<std::string> CommandNames(const CLI::App& app) {
  const auto all = [](const CLI::App*) { return true; };
  const std::vector<const CLI::App*> commands = app.get_subcommands(all);
  std::vector<std::string> names;
  names.reserve(commands.size());
  for (const CLI::App* command : commands) {
    names.push_back(command->get_name());
  }
  return names;
}

std::vector<std::string> LongOptions(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back(absl::StrCat("--", name));
    }
  }
  return names;
}

std::string Suggestion(absl::string_view words) {
  return words.empty() ? "." : absl::StrCat("; did you mean \"", words, "\"?");
}

// `path` has the words of the command that the word follows; it is empty if the
// word is the first one.
std::string Synonym(absl::string_view path, absl::string_view word) {
  for (const auto& synonym : kSynonyms) {
    if (path.empty() && synonym.word == word) {
      return std::string(synonym.command);
    }
  }
  for (const auto& synonym : kSynonymsAfterCommands) {
    if (synonym.command == path && synonym.word == word) {
      return std::string(synonym.meant);
    }
  }
  return std::string();
}

bool LooksLikeCapture(absl::string_view word) {
  return absl::StrContains(word, ".pcap") || absl::StrContains(word, ".cap") ||
         absl::StrContains(word, '/') ||
         access(std::string(word).c_str(), F_OK) == 0;
}

std::string WrongCommand(const CLI::App& parent, const std::string& word) {
  const bool is_program = parent.get_parent() == nullptr;
  if (is_program && LooksLikeCapture(word)) {
    const bool is_local = access(word.c_str(), F_OK) == 0;
    return absl::StrCat("There is no command \"", word,
                        "\"; to read a capture: dissectctl read ",
                        is_local ? "--local " : "", word);
  }
  const std::string path = PathOf(parent);
  const std::string prefix = is_program ? "" : absl::StrCat(path, " ");
  std::string meant = Synonym(path, word);
  if (meant.empty()) {
    meant = NearestWord(word, CommandNames(parent));
    if (!meant.empty()) meant = absl::StrCat(prefix, meant);
  }
  return absl::StrCat("There is no command \"", prefix, word, "\"",
                      Suggestion(meant));
}

// Returns the command that says how the frames are dissected that `frame`
// prints, if it has the option.
std::string OptionOfSession(const CLI::App& app, const std::string& option) {
  if (PathOf(app) != "frame") return std::string();
  const CLI::App* const open =
      app.get_parent()->get_subcommand("session")->get_subcommand("open");
  return open->get_option_no_throw(option) == nullptr
             ? std::string()
             : absl::StrCat("session open ", option);
}

// `command` is the command that was given, and `app` is the one whose options
// the word isn't one of.
std::string WrongOption(const CLI::App& app, const CLI::App& command,
                        const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  if (&app != &command && command.get_option_no_throw(name) != nullptr) {
    return absl::StrCat("The option \"", name, "\" belongs after \"",
                        PathOf(command), "\".");
  }
  std::string meant = Synonym(PathOf(app), name);
  if (meant.empty()) meant = OptionOfSession(app, name);
  if (meant.empty()) meant = NearestWord(name, LongOptions(app));
  return absl::StrCat("There is no option \"", name, "\"", Suggestion(meant));
}

// Returns the message about the first word that no command knows; empty if
// there is none.
std::string UnknownWord(const CLI::App& program) {
  const CLI::App& command = CommandIn(program);
  for (const CLI::App* app = &program;; app = app->get_subcommands().back()) {
    const std::vector<std::string> unknown = app->remaining();
    if (!unknown.empty()) {
      const std::string& word = unknown.front();
      if (IsOption(word)) return WrongOption(*app, command, word);
      if (app == &command && !CommandNames(*app).empty()) {
        return WrongCommand(*app, word);
      }
      const std::string path = PathOf(*app);
      return absl::StrCat("\"", path, "\" takes no argument \"", word,
                          "\" here", Suggestion(Synonym(path, word)));
    }
    if (app == &command) return std::string();
  }
}

// Rewrites `-T: 1 required FORMAT missing`, the library's text for an option
// without its value.
std::string ValueMissing(absl::string_view text) {
  const size_t colon = text.find(": 1 required ");
  if (colon == absl::string_view::npos || !absl::EndsWith(text, " missing")) {
    return std::string(text);
  }
  return absl::StrCat("The option \"", text.substr(0, colon),
                      "\" needs a value.");
}

// Rewrites `Could not convert: --after = x`, the library's text for a value
// that isn't a number.
std::string NotANumber(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "Could not convert: ") ||
      !absl::StrContains(text, " = ")) {
    return std::string(text);
  }
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(" = ", 1));
  return absl::StrCat("The option \"", parts.first, "\" takes a number, not \"",
                      parts.second, "\".");
}

std::string WhatIsWrong(const CLI::App& program, const CLI::ParseError& error) {
  std::string unknown = UnknownWord(program);
  if (!unknown.empty()) return unknown;
  const CLI::App& command = CommandIn(program);
  if (error.get_name() == "RequiredError" && !CommandNames(command).empty()) {
    return "A command is missing.";
  }
  if (error.get_name() == "ConversionError") return NotANumber(error.what());
  return ValueMissing(error.what());
}

}  // namespace

bool HasWrongCommand(const CLI::App& program) {
  const CLI::App& command = CommandIn(program);
  const std::vector<std::string> unknown = command.remaining();
  return !CommandNames(command).empty() && !unknown.empty() &&
         !IsOption(unknown.front());
}

std::string ParseErrorText(const CLI::App& program,
                           const CLI::ParseError& error) {
  const std::string path = PathOf(CommandIn(program));
  return absl::StrCat(WhatIsWrong(program, error), "\nSee \"dissectctl ", path,
                      path.empty() ? "" : " ", "--help\".");
}

}  // namespace dissectd::cli
