// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/jwt_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/identity/testing/signing_key.h"

namespace dissectd::server {
namespace {

using testing::HasSubstr;

std::string KeySet(const std::string& keys) {
  return absl::StrCat(R"({"keys":[)", keys, "]}");
}

std::string ErrorOf(const std::string& content) {
  return std::string(ParseJwtKeys(content).status().message());
}

TEST(JwtKeysTest, APublicKeyIsTheSameInBothForms) {
  for (const std::string curve : {"", "P-256", "P-384"}) {
    const SigningKey key =
        curve.empty() ? SigningKey::NewRsa() : SigningKey::NewEc(curve);
    const auto pem = ParseJwtKeys(key.PublicPem());
    const auto set =
        ParseJwtKeys(KeySet(key.PublicJwk(R"("kid":"one","alg":"X")")));
    ASSERT_TRUE(pem.ok()) << pem.status();
    ASSERT_TRUE(set.ok()) << set.status();
    ASSERT_EQ(pem->size(), 1u);
    ASSERT_EQ(set->size(), 1u);
    EXPECT_EQ(pem->front().material, set->front().material);
    EXPECT_EQ(pem->front().type, set->front().type);
    EXPECT_EQ(pem->front().id, std::nullopt);
    EXPECT_EQ(set->front().id, "one");
    EXPECT_EQ(set->front().algorithm, "X");
  }
}

TEST(JwtKeysTest, KeysForOtherPurposesAreIgnored) {
  const SigningKey key = SigningKey::NewEc("P-256");
  const auto set = ParseJwtKeys(KeySet(absl::StrCat(
      key.PublicJwk(R"("use":"enc")"), R"(,{"kty":"OKP","crv":"Ed25519"},)",
      SigningKey::NewEc("P-521").PublicJwk(""), ",",
      key.PublicJwk(R"("use":"sig")"))));
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->size(), 1u);
  EXPECT_THAT(ErrorOf(KeySet(key.PublicJwk(R"("use":"enc")"))),
              HasSubstr("no key"));
}

TEST(JwtKeysTest, ASecretIsLongEnough) {
  const auto secret = [](size_t size) {
    return KeySet(absl::StrCat(
        R"({"kty":"oct","k":")",
        absl::WebSafeBase64Escape(std::string(size, 'x')), R"("})"));
  };
  const auto set = ParseJwtKeys(secret(32));
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->front().type, JwtKeyType::kSecret);
  EXPECT_EQ(set->front().material, std::string(32, 'x'));
  EXPECT_THAT(ErrorOf(secret(31)), HasSubstr("less than 32"));
  EXPECT_THAT(ErrorOf(secret(0)), HasSubstr("less than 32"));
}

TEST(JwtKeysTest, WeakAndUnknownKeysAreRefused) {
  EXPECT_THAT(ErrorOf(SigningKey::NewRsa(1024).PublicPem()),
              HasSubstr("1024 bits"));
  EXPECT_THAT(ErrorOf(SigningKey::NewEc("secp256k1").PublicPem()),
              HasSubstr("curve"));
  EXPECT_THAT(ErrorOf(SigningKey::NewEc("P-521").PublicPem()),
              HasSubstr("curve"));
}

TEST(JwtKeysTest, PrivateKeysAreRefused) {
  const SigningKey key = SigningKey::NewEc("P-256");
  EXPECT_THAT(ErrorOf(key.PrivatePem()), HasSubstr("private key"));
  EXPECT_THAT(ErrorOf(KeySet(key.PublicJwk(R"("d":"AAAA")"))),
              HasSubstr("private key"));
}

TEST(JwtKeysTest, MalformedFilesAreRefused) {
  const SigningKey key = SigningKey::NewEc("P-256");
  const std::string jwk = key.PublicJwk("");
  // A point that isn't on the curve.
  const std::string zero(43, 'A');
  for (const std::string& content : {
           std::string(),
           std::string("nonsense"),
           std::string("{"),
           std::string("{}"),
           std::string(R"({"keys":{}})"),
           KeySet(""),
           KeySet("1"),
           KeySet(R"({"kty":"RSA","n":"AQAB"})"),
           KeySet(R"({"kty":"RSA","n":"","e":"AQAB"})"),
           KeySet(R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA"})"),
           KeySet(absl::StrCat(R"({"kty":"EC","crv":"P-256","x":")", zero,
                               R"(","y":")", zero, R"("})")),
           KeySet(absl::StrReplaceAll(jwk, {{R"("x")", R"("x":"AA","x")"}})),
           absl::StrCat(key.PublicPem(),
                        SigningKey::NewEc("P-256").PublicPem()),
           key.PublicPem().substr(0, 60),
       }) {
    EXPECT_FALSE(ParseJwtKeys(content).ok()) << content;
  }
}

TEST(JwtKeysTest, AnErrorNamesThePlaceAndNoSecret) {
  EXPECT_EQ(ErrorOf("{\"keys\": [\n{\"k\": \"c2VjcmV0"),
            "it isn't valid JSON: line 2, column 16: syntax error while "
            "parsing value - invalid string: missing closing quote");
  EXPECT_THAT(
      ErrorOf(KeySet(absl::StrCat(SigningKey::NewEc("P-256").PublicJwk(""),
                                  R"(,{"kty":"oct","k":"c2VjcmV0"})"))),
      HasSubstr("keys[1]: a secret has less than 32 bytes"));
  EXPECT_THAT(ErrorOf("-----BEGIN CERTIFICATE-----\n"),
              HasSubstr("it has a certificate; take the key out of it"));
}

}  // namespace
}  // namespace dissectd::server
