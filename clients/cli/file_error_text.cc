// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/file_error_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/error_text.h"

namespace dissectd::cli {
namespace {

constexpr char kStandardInput[] = "The standard input";

}  // namespace

std::string WithGivenName(absl::string_view message, const std::string& file) {
  if (file == "-") {
    return absl::StrReplaceAll(message, {{"The file \"-\"", kStandardInput}});
  }
  const std::string base = file.substr(file.rfind('/') + 1);
  return absl::StrReplaceAll(message, {{absl::StrCat("\"", base, "\""),
                                        absl::StrCat("\"", file, "\"")}});
}

std::string FileErrorText(const grpc::Status& status, const std::string& file) {
  const std::string text = ErrorText(status);
  return FailureOf(status).metadata().contains("file")
             ? WithGivenName(text, file)
             : text;
}

}  // namespace dissectd::cli
