// SPDX-License-Identifier: GPL-2.0-or-later

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/utf8.h"
#include "server/options/options.h"

namespace dissectd::server {
namespace {

// Enough for names of Kubernetes, and small beside what a command line holds.
constexpr size_t kMaxCommentBytes = 1024;

bool IsControlCharacter(unsigned char byte) {
  return byte < ' ' || byte == 0x7f;
}

// Returns the error in a comment; empty if it is valid.
std::string CheckComment(const std::string& comment) {
  if (comment.size() > kMaxCommentBytes) {
    return absl::StrCat("the comment has ", comment.size(),
                        " bytes; the limit is ", kMaxCommentBytes);
  }
  if (std::any_of(comment.begin(), comment.end(), IsControlCharacter)) {
    return "the comment has control characters, such as a line break";
  }
  return IsValidUtf8(comment) ? "" : "the comment isn't valid UTF-8";
}

}  // namespace

void AddCaptureOptions(CLI::App* app, ServerConfig* config) {
  app->add_option("--capture-comment", config->capture_comments,
                  "Comment for each capture that is one pcapng file, after the "
                  "client's own; may be repeated")
      ->check(CLI::Validator(CheckComment, ""))
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("COMMENT");
}

}  // namespace dissectd::server
