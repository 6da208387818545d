// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/file_error_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/error_text.h"
#include "clients/cli/local_file.h"

namespace dissectd::cli {
namespace {

constexpr char kStandardInput[] = "The standard input";
// What the daemon calls a file that a request has, without its name.
constexpr char kNoName[] = "file \"\"";
constexpr char kNoNameEmpty[] = "The inline capture is empty.";

}  // namespace

std::string WithGivenName(absl::string_view message, const std::string& file) {
  const std::string given = absl::StrCat("\"", file, "\"");
  std::string text = absl::StrReplaceAll(
      message,
      {{kNoName, absl::StrCat("file ", given)},
       {kNoNameEmpty, absl::StrCat("The file ", given, " is empty.")}});
  if (IsStandardInput(file)) {
    return absl::StrReplaceAll(text, {{"The file \"-\"", kStandardInput}});
  }
  const std::string base = file.substr(file.rfind('/') + 1);
  return absl::StrReplaceAll(
      text, {{absl::StrCat("\"", base, "\""), given},
             {absl::StrCat("\"", BaseName(file), "\""), given}});
}

std::string FileErrorText(const grpc::Status& status, const std::string& file) {
  const std::string text = ErrorText(status);
  return FailureOf(status).metadata().contains("file")
             ? WithGivenName(text, file)
             : text;
}

}  // namespace dissectd::cli
