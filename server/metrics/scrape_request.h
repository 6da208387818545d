// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_SCRAPE_REQUEST_H_
#define SERVER_METRICS_SCRAPE_REQUEST_H_

#include <string>

#include "absl/strings/string_view.h"

// The part of HTTP/1.1 that Prometheus needs.
namespace dissectd::server::metrics {

enum class HttpStatus {
  kOk = 200,
  kBadRequest = 400,
  kNotFound = 404,
  kMethodNotAllowed = 405,
};

// Returns how to answer a request that begins with these lines: only `GET
// /metrics` is served. What follows the first line is ignored.
HttpStatus JudgeRequest(absl::string_view head);

// Returns the answer, after which the connection is closed. `metrics` is the
// content if the status is kOk.
std::string HttpAnswer(HttpStatus status, absl::string_view metrics);

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_SCRAPE_REQUEST_H_
