// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/scrape_request.h"

#include <gtest/gtest.h>

namespace dissectd::server::metrics {
namespace {

TEST(ScrapeRequestTest, ServesOnlyTheMetrics) {
  const struct {
    const char* head;
    HttpStatus status;
  } cases[] = {
      {"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", HttpStatus::kOk},
      {"GET /metrics HTTP/1.0\r\n\r\n", HttpStatus::kOk},
      {"GET /metrics?name[]=up HTTP/1.1\r\n\r\n", HttpStatus::kOk},
      {"GET / HTTP/1.1\r\n\r\n", HttpStatus::kNotFound},
      {"GET /metrics/ HTTP/1.1\r\n\r\n", HttpStatus::kNotFound},
      {"GET /metrics/../../etc/passwd HTTP/1.1\r\n\r\n", HttpStatus::kNotFound},
      {"POST /etc/passwd HTTP/1.1\r\n\r\n", HttpStatus::kNotFound},
      {"POST /metrics HTTP/1.1\r\n\r\n", HttpStatus::kMethodNotAllowed},
      {"get /metrics HTTP/1.1\r\n\r\n", HttpStatus::kMethodNotAllowed},
      {"", HttpStatus::kBadRequest},
      {"\r\n\r\n", HttpStatus::kBadRequest},
      {"GET /metrics\r\n\r\n", HttpStatus::kBadRequest},
      {"GET  /metrics HTTP/1.1\r\n\r\n", HttpStatus::kBadRequest},
      {"GET /metrics HTTP/2.0\r\n\r\n", HttpStatus::kBadRequest},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", HttpStatus::kBadRequest},
      {"\x16\x03\x01\r\n\r\n", HttpStatus::kBadRequest},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(JudgeRequest(test.head), test.status) << test.head;
  }
}

TEST(ScrapeRequestTest, AnswersWithTheLengthAndTheFormat) {
  EXPECT_EQ(HttpAnswer(HttpStatus::kOk, "up 1\n"),
            "HTTP/1.1 200 OK\r\n"
            "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
            "Content-Length: 5\r\n"
            "Connection: close\r\n\r\n"
            "up 1\n");
  EXPECT_EQ(HttpAnswer(HttpStatus::kMethodNotAllowed, ""),
            "HTTP/1.1 405 Method Not Allowed\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Length: 19\r\n"
            "Allow: GET\r\n"
            "Connection: close\r\n\r\n"
            "Method Not Allowed\n");
}

}  // namespace
}  // namespace dissectd::server::metrics
