// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/bearer_token.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace dissectd::server {
namespace {

TEST(BearerTokenTest, TheSchemeIsFollowedByAToken) {
  for (const char* scheme : {"Bearer ", "bearer ", "BEARER "}) {
    const auto token = BearerToken(absl::StrCat(scheme, "aZ09-._~+/="));
    // The result refers to its argument, which is gone.
    EXPECT_TRUE(token.ok()) << scheme;
  }
  const std::string text = "Bearer aZ09-._~+/=";
  EXPECT_EQ(*BearerToken(text), "aZ09-._~+/=");
  EXPECT_TRUE(
      BearerToken(absl::StrCat("Bearer ", std::string(16384, 'x'))).ok());
}

TEST(BearerTokenTest, AnythingElseIsRefused) {
  using std::string_literals::operator""s;
  for (const std::string& text : {
           ""s,
           "x"s,
           "Bearer"s,
           "Bearer "s,
           "Bearerx"s,
           " Bearer x"s,
           "Bearer  x"s,
           "Bearer x "s,
           "Bearer x y"s,
           "Bearer x,Bearer y"s,
           "Bearer\tx"s,
           "Basic eDp5"s,
           "x Bearer x"s,
           "Bearer x\0y"s,
           "Bearer \xc3\xa4"s,
           "Bearer x\n"s,
           absl::StrCat("Bearer ", std::string(16385, 'x')),
       }) {
    EXPECT_EQ(BearerToken(text).status().code(),
              absl::StatusCode::kUnauthenticated)
        << text.substr(0, 20);
  }
}

}  // namespace
}  // namespace dissectd::server
