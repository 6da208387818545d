// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/scrape_request.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace dissectd::server::metrics {
namespace {

constexpr char kPath[] = "/metrics";
constexpr char kPlainText[] = "text/plain; charset=utf-8";
// Names the version of Prometheus' text format.
constexpr char kMetricsText[] = "text/plain; version=0.0.4; charset=utf-8";

absl::string_view PhraseOf(HttpStatus status) {
  switch (status) {
    case HttpStatus::kOk:
      return "OK";
    case HttpStatus::kBadRequest:
      return "Bad Request";
    case HttpStatus::kNotFound:
      return "Not Found";
    case HttpStatus::kMethodNotAllowed:
      return "Method Not Allowed";
  }
  return "";
}

}  // namespace

HttpStatus JudgeRequest(absl::string_view head) {
  const absl::string_view line = head.substr(0, head.find("\r\n"));
  const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
  if (words.size() != 3 || !absl::StartsWith(words[2], "HTTP/1.")) {
    return HttpStatus::kBadRequest;
  }
  const absl::string_view path = words[1].substr(0, words[1].find('?'));
  if (path != kPath) return HttpStatus::kNotFound;
  return words[0] == "GET" ? HttpStatus::kOk : HttpStatus::kMethodNotAllowed;
}

std::string HttpAnswer(HttpStatus status, absl::string_view metrics) {
  const bool ok = status == HttpStatus::kOk;
  const std::string phrase = absl::StrCat(PhraseOf(status), "\n");
  const absl::string_view body = ok ? metrics : absl::string_view(phrase);
  return absl::StrCat(
      "HTTP/1.1 ", static_cast<int>(status), " ", PhraseOf(status), "\r\n",
      "Content-Type: ", ok ? kMetricsText : kPlainText, "\r\n",
      "Content-Length: ", body.size(), "\r\n",
      status == HttpStatus::kMethodNotAllowed ? "Allow: GET\r\n" : "",
      "Connection: close\r\n\r\n", body);
}

}  // namespace dissectd::server::metrics
