// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/completion/complete.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "clients/cli/completion/bash_line.h"
#include "clients/cli/completion/candidates.h"
#include "clients/cli/completion/word_completion.h"
#include "clients/cli/terminal_text.h"

namespace dissectd::cli {
namespace {

const char* KindText(Candidates::Kind kind) {
  switch (kind) {
    case Candidates::Kind::kWhole:
      return "whole";
    case Candidates::Kind::kParts:
      return "parts";
    case Candidates::Kind::kLocalFiles:
      return "files";
  }
  return "whole";
}

std::string OneLine(absl::string_view text) {
  return Printable(text, LineBreaks::kEscape);
}

void PrintLines(const Candidates& candidates, bool with_descriptions) {
  std::printf("%s\n", KindText(candidates.kind));
  for (const Candidate& candidate : candidates.list) {
    // A name with control characters can't be typed.
    if (OneLine(candidate.text) != candidate.text) continue;
    const std::string description =
        with_descriptions && !candidate.description.empty()
            ? absl::StrCat("\t", OneLine(candidate.description))
            : "";
    std::printf("%s%s\n", candidate.text.c_str(), description.c_str());
  }
}

void CompleteForBash(const CLI::App& program, absl::string_view text,
                     absl::string_view breaks) {
  BashLine line = ParseBashLine(text, breaks);
  // The first word is the program's name.
  line.words.erase(line.words.begin());
  if (line.words.empty()) return;
  Candidates candidates = CompleteWord(program, line.words);
  for (Candidate& candidate : candidates.list) {
    candidate.text =
        QuotedForBash(candidate.text.substr(line.kept), line.quote);
  }
  PrintLines(candidates, false);
}

}  // namespace

void PrintCandidates(const CLI::App& program,
                     const std::vector<std::string>& arguments) {
  if (arguments.size() < 2) return;
  const std::string& shell = arguments.front();
  std::vector<std::string> words(arguments.begin() + 1, arguments.end());
  if (shell == "bash" && words.size() == 2) {
    CompleteForBash(program, words[0], words[1]);
  } else if (shell == "zsh") {
    PrintLines(CompleteWord(program, words), true);
  } else if (shell == "fish") {
    words.back() = ParseBashLine(words.back(), "").words.back();
    PrintLines(CompleteWord(program, words), true);
  }
}

}  // namespace dissectd::cli
