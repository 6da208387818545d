// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/completion/shell_scripts.h"

#include <map>

namespace dissectd::cli {
namespace {

constexpr char kBash[] = R"script(# Completion of dissectctl for bash.

_dissectctl() {
  local kind
  {
    read -r kind
    mapfile -t COMPREPLY
  } < <("${1/#\~/$HOME}" complete bash "${COMP_LINE:0:COMP_POINT}" \
    "$COMP_WORDBREAKS" 2>/dev/null)
  case "$kind" in
    parts) compopt -o nospace ;;
    files) compopt -o default ;;
  esac
}

complete -F _dissectctl dissectctl
)script";

constexpr char kFish[] = R"script(# Completion of dissectctl for fish.

function __dissectctl
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l token (commandline --current-token --cut-at-cursor)
    set -l lines ($words[1] complete fish $words[2..] "$token" 2>/dev/null)
    if test "$lines[1]" = files
        # Completes the word of a command that fish knows nothing about.
        complete --do-complete "'' $token"
    else
        printf '%s\n' $lines[2..]
    end
end

complete --command dissectctl --no-files --keep-order --arguments '(__dissectctl)'
)script";

constexpr char kZsh[] = R"script(#compdef dissectctl
# Completion of dissectctl for zsh.

_dissectctl() {
  local -a lines
  lines=("${(@f)$(${~words[1]} complete zsh "${(@Q)words[2,CURRENT-1]}" \
    "${(Q)PREFIX}" 2>/dev/null)}")
  local kind=$lines[1]
  shift lines
  # A colon separates a description.
  lines=("${(@)lines//:/\\:}")
  lines=("${(@)lines/$'\t'/:}")
  case $kind in
    whole) _describe -V dissectctl lines ;;
    parts) _describe -V dissectctl lines -S '' ;;
    files)
      if [[ $PREFIX == --*=* ]]; then compset -P 1 '*='; fi
      _files
      ;;
  esac
}

# Runs it at once if the function is loaded when it is needed.
if [[ $funcstack[1] == _dissectctl ]]; then
  _dissectctl "$@"
else
  compdef _dissectctl dissectctl
fi
)script";

const std::map<std::string, std::string>& Scripts() {
  static const auto& scripts = *new std::map<std::string, std::string>{
      {"bash", kBash}, {"fish", kFish}, {"zsh", kZsh}};
  return scripts;
}

}  // namespace

std::vector<std::string> ShellNames() {
  std::vector<std::string> names;
  for (const auto& [name, script] : Scripts()) names.push_back(name);
  return names;
}

std::string ShellScript(const std::string& shell) {
  return Scripts().at(shell);
}

}  // namespace dissectd::cli
