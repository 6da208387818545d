// SPDX-License-Identifier: GPL-2.0-or-later

#include "tools/manual/option_pages.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "clients/cli/help_formatter.h"
#include "tools/manual/man_text.h"

namespace dissectd::manual {
namespace {

using Options = std::vector<const CLI::Option*>;

std::vector<const CLI::App*> CommandsOf(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

// Descriptions in help have no full stop at their end, or have one.
std::string Sentence(absl::string_view description) {
  return absl::StrCat(absl::StripSuffix(description, "."), ".");
}

// Returns the words of a command, with `between` between them.
std::string WordsOf(const CLI::App& app, const char* between) {
  return app.get_parent() == nullptr
             ? app.get_name()
             : absl::StrCat(WordsOf(*app.get_parent(), between), between,
                            app.get_name());
}

std::string ReferenceTo(const CLI::App& app, int section) {
  return absl::StrCat(Bold(WordsOf(app, "-")), "(", section, ")");
}

Options OperandsOf(const CLI::App& app) {
  return app.get_options([](const CLI::Option* option) {
    return option->get_positional() && !option->get_group().empty();
  });
}

Options OptionsOf(const CLI::App& app, const std::string& group) {
  return app.get_options([&](const CLI::Option* option) {
    return !option->get_positional() && option->get_group() == group;
  });
}

// Returns the names of the groups of options that the help shows.
std::vector<std::string> GroupsOf(const CLI::App& app) {
  std::vector<std::string> groups = app.get_groups();
  groups.erase(std::remove_if(groups.begin(), groups.end(),
                              [&](const std::string& group) {
                                return group.empty() ||
                                       group == cli::kHiddenGroup ||
                                       OptionsOf(app, group).empty();
                              }),
               groups.end());
  return groups;
}

bool TakesMany(const CLI::Option& option) {
  return option.get_items_expected_max() > 1;
}

std::string OperandTerm(const CLI::Option& option) {
  return absl::StrCat(Italic(option.get_name(true)),
                      TakesMany(option) ? "..." : "");
}

// Returns the value behind the name of an option, with what stands between.
std::string ValueTerm(const CLI::Option& option, bool is_long) {
  if (option.get_items_expected_max() == 0) return "";
  const std::string value = Italic(option.get_type_name());
  if (option.get_items_expected_min() == 0) {
    return is_long ? absl::StrCat("[=", value, "]") : "";
  }
  return absl::StrCat(is_long ? "=" : " ", value);
}

std::string OptionTerm(const CLI::Option& option) {
  std::vector<std::string> terms;
  for (const std::string& name : option.get_snames()) {
    terms.push_back(
        absl::StrCat(Bold(absl::StrCat("-", name)), ValueTerm(option, false)));
  }
  for (const std::string& name : option.get_lnames()) {
    terms.push_back(
        absl::StrCat(Bold(absl::StrCat("--", name)), ValueTerm(option, true)));
  }
  return absl::StrJoin(terms, ", ");
}

std::string NamesOf(const std::set<CLI::Option*>& options) {
  return absl::StrJoin(options, ", ",
                       [](std::string* out, const CLI::Option* option) {
                         absl::StrAppend(out, option->get_name());
                       });
}

std::string OptionText(const CLI::Option& option) {
  std::string text = Sentence(option.get_description());
  if (const std::string& value = option.get_default_str(); !value.empty()) {
    // The library puts lists into brackets.
    absl::StrAppend(&text, " The default is ",
                    absl::StripPrefix(absl::StripSuffix(value, "]"), "["), ".");
  }
  if (!option.get_needs().empty()) {
    absl::StrAppend(&text, " Only with ", NamesOf(option.get_needs()), ".");
  }
  if (!option.get_excludes().empty()) {
    absl::StrAppend(&text, " Not with ", NamesOf(option.get_excludes()), ".");
  }
  return text;
}

void AddSynopsis(const CLI::App& app, ManText* text) {
  text->Section("Synopsis");
  std::string line =
      absl::StrCat(Bold(WordsOf(app, " ")), " [", Italic("OPTION"), "...]");
  for (const CLI::Option* operand : OperandsOf(app)) {
    const std::string term = OperandTerm(*operand);
    absl::StrAppend(&line, operand->get_required()
                               ? absl::StrCat(" ", term)
                               : absl::StrCat(" [", term, "]"));
  }
  if (!CommandsOf(app).empty()) {
    absl::StrAppend(&line, app.get_require_subcommand_min() > 0
                               ? absl::StrCat(" ", Italic("COMMAND"))
                               : absl::StrCat(" [", Italic("COMMAND"), "]"));
  }
  text->Formatted(line);
}

// The footer of a help has paragraphs, the last of which are examples.
constexpr char kExamples[] = "Examples:\n";

void AddDescription(const CLI::App& app, ManText* text) {
  text->Section("Description");
  text->Paragraph(Sentence(app.get_description()));
  for (const absl::string_view part :
       absl::StrSplit(app.get_footer(), "\n\n", absl::SkipWhitespace())) {
    if (!absl::StartsWith(part, kExamples)) text->Paragraph(part);
  }
}

void AddCommands(const CLI::App& app, int section, ManText* text) {
  if (CommandsOf(app).empty()) return;
  text->Section("Commands");
  for (const CLI::App* command : CommandsOf(app)) {
    text->Entry(ReferenceTo(*command, section),
                Sentence(command->get_description()));
  }
}

void AddOperands(const CLI::App& app, ManText* text) {
  if (OperandsOf(app).empty()) return;
  text->Section("Operands");
  for (const CLI::Option* operand : OperandsOf(app)) {
    text->Entry(OperandTerm(*operand), OptionText(*operand));
  }
}

void AddOptions(const CLI::App& app, ManText* text) {
  text->Section("Options");
  for (const std::string& group : GroupsOf(app)) {
    if (group != "Options") text->Subsection(group);
    for (const CLI::Option* option : OptionsOf(app, group)) {
      text->Entry(OptionTerm(*option), OptionText(*option));
    }
  }
}

void AddEntries(const char* title,
                const std::vector<std::pair<std::string, std::string>>& entries,
                ManText* text) {
  if (entries.empty()) return;
  text->Section(title);
  for (const auto& [term, meaning] : entries) {
    text->Entry(Bold(term), meaning);
  }
}

void AddVariables(const CLI::App& app, const Program& program, ManText* text) {
  std::vector<std::pair<std::string, std::string>> variables;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_envname().empty()) continue;
    variables.emplace_back(
        option->get_envname(),
        absl::StrCat("Stands for ", option->get_name(), "."));
  }
  variables.insert(variables.end(), program.variables.begin(),
                   program.variables.end());
  AddEntries("Environment", variables, text);
}

void AddExamples(const CLI::App& app, ManText* text) {
  const std::string& footer = app.get_footer();
  const size_t start = footer.find(kExamples);
  if (start == std::string::npos) return;
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(
           absl::string_view(footer).substr(start + sizeof(kExamples) - 1),
           '\n')) {
    lines.emplace_back(absl::StripPrefix(line, "  "));
  }
  text->Section("Examples");
  text->Verbatim(lines);
}

void AddReferences(const CLI::App& app, int section, ManText* text) {
  std::vector<std::string> references;
  const CLI::App* parent = app.get_parent();
  if (parent == nullptr) {
    references = {
        section == 1 ? "\\fBdissectd\\fR(8)" : "\\fBdissectctl\\fR(1)",
        "\\fBtshark\\fR(1)", "\\fBwireshark\\-filter\\fR(4)"};
  }
  for (; parent != nullptr; parent = parent->get_parent()) {
    references.push_back(ReferenceTo(*parent, section));
  }
  text->Section("See also");
  text->Formatted(absl::StrJoin(references, ", "));
}

// Adds what there is to say about a command that takes the arguments of another
// program with its name.
void AddOtherProgram(const CLI::App& app, ManText* text) {
  text->Section("Synopsis");
  text->Formatted(
      absl::StrCat(Bold(WordsOf(app, " ")), " ", Italic("ARGUMENT"), "..."));
  text->Section("Description");
  text->Paragraph(Sentence(app.get_description()));
  text->Formatted(
      absl::StrCat("See ", Bold(app.get_name()), "(1) for the arguments."));
}

void AddAll(const CLI::App& app, const Program& program, ManText* text) {
  AddSynopsis(app, text);
  AddDescription(app, text);
  AddCommands(app, program.section, text);
  AddOperands(app, text);
  AddOptions(app, text);
  if (app.get_parent() == nullptr) {
    AddVariables(app, program, text);
    AddEntries("Exit status", program.exit_statuses, text);
  }
  AddExamples(app, text);
}

Page PageOf(const CLI::App& app, const Program& program) {
  const std::string name = WordsOf(app, "-");
  ManText text(name, program.section, program.date, program.version);
  text.Section("Name");
  text.Formatted(
      absl::StrCat(Escaped(name), " \\- ",
                   Escaped(absl::StripSuffix(app.get_description(), "."))));
  if (app.get_prefix_command()) {
    AddOtherProgram(app, &text);
  } else {
    AddAll(app, program, &text);
  }
  AddReferences(app, program.section, &text);
  return {absl::StrCat(name, ".", program.section), text.source()};
}

}  // namespace

std::vector<Page> PagesOf(const CLI::App& app, const Program& program) {
  std::vector<Page> pages = {PageOf(app, program)};
  for (const CLI::App* command : CommandsOf(app)) {
    std::vector<Page> below = PagesOf(*command, program);
    std::move(below.begin(), below.end(), std::back_inserter(pages));
  }
  return pages;
}

}  // namespace dissectd::manual
