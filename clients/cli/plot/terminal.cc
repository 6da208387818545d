// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/plot/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/cli/scoped_fd.h"

namespace dissectd::cli {
namespace {

// The request for a terminal's primary attributes, and how answers begin.
constexpr absl::string_view kRequest = "\033[c";
constexpr absl::string_view kAnswerHead = "\033[?";
constexpr char kAnswerEnd = 'c';
constexpr std::chrono::milliseconds kPatience(200);
constexpr size_t kMaxAnswer = 256;

// Lets a terminal hand over answers at once and unseen.
class RawMode {
 public:
  explicit RawMode(int fd) : fd_(fd), set_(tcgetattr(fd, &before_) == 0) {
    if (!set_) return;
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    set_ = tcsetattr(fd, TCSANOW, &raw) == 0;
  }
  ~RawMode() {
    if (set_) tcsetattr(fd_, TCSANOW, &before_);
  }
  RawMode(const RawMode&) = delete;
  RawMode& operator=(const RawMode&) = delete;

  bool set() const { return set_; }

 private:
  const int fd_;
  termios before_ = {};
  bool set_;
};

// Reads up to the end of an answer, or as long as there is patience.
std::string ReadAnswer(int fd) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  std::string answer;
  while (answer.size() < kMaxAnswer) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    pollfd ready{fd, POLLIN, 0};
    if (left.count() <= 0 ||
        poll(&ready, 1, static_cast<int>(left.count())) <= 0) {
      break;
    }
    char byte = 0;
    if (read(fd, &byte, 1) != 1) break;
    answer += byte;
    if (byte == kAnswerEnd) break;
  }
  return answer;
}

bool TerminalHasSixel() {
  const ScopedFd terminal(open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
  // In the background, changing the terminal's mode would stop the program.
  if (terminal.get() < 0 || tcgetpgrp(terminal.get()) != getpgrp()) {
    return false;
  }
  const RawMode raw(terminal.get());
  if (!raw.set() || write(terminal.get(), kRequest.data(), kRequest.size()) !=
                        static_cast<ssize_t>(kRequest.size())) {
    return false;
  }
  return AnswerHasSixel(ReadAnswer(terminal.get()));
}

bool WantsColors() {
  const char* const no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* const terminal = std::getenv("TERM");
  return terminal != nullptr && absl::string_view(terminal) != "dumb";
}

}  // namespace

bool AnswerHasSixel(absl::string_view answer) {
  constexpr absl::string_view kSixel = "4";
  const size_t begin = answer.rfind(kAnswerHead);
  if (begin == absl::string_view::npos) return false;
  answer.remove_prefix(begin + kAnswerHead.size());
  if (!absl::ConsumeSuffix(&answer, "c")) return false;
  const std::vector<absl::string_view> attributes = absl::StrSplit(answer, ';');
  // The first one is the class of the terminal.
  for (size_t i = 1; i < attributes.size(); ++i) {
    if (attributes[i] == kSixel) return true;
  }
  return false;
}

TerminalAbilities AbilitiesOfTerminal() {
  TerminalAbilities abilities;
  if (isatty(STDOUT_FILENO) == 0) return abilities;
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 &&
      size.ws_row > 0) {
    abilities.columns = size.ws_col;
    abilities.rows = size.ws_row;
    if (size.ws_xpixel >= size.ws_col && size.ws_ypixel >= size.ws_row) {
      abilities.cell_width = size.ws_xpixel / size.ws_col;
      abilities.cell_height = size.ws_ypixel / size.ws_row;
    }
  }
  abilities.colors = WantsColors();
  // An image is all colours.
  abilities.sixel = abilities.colors && TerminalHasSixel();
  return abilities;
}

}  // namespace dissectd::cli
