// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/jwt_verifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "server/base/identity_errors.h"
#include "server/identity/testing/signing_key.h"

namespace dissectd::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int64_t kNow = 1900000000;
constexpr char kRs256[] = R"({"alg":"RS256","typ":"JWT"})";
constexpr char kEs256[] = R"({"alg":"ES256"})";
constexpr char kClaims[] =
    R"({"sub":"alice","aud":"lab","iss":"https://id.example","exp":1900000600,)"
    R"("groups":["analyst","no name","lab/eu"]})";

// Keys take long to make.
const SigningKey& RsaKey() {
  static const auto* key = new SigningKey(SigningKey::NewRsa());
  return *key;
}
const SigningKey& OtherRsaKey() {
  static const auto* key = new SigningKey(SigningKey::NewRsa());
  return *key;
}

class JwtVerifierTest : public testing::Test {
 protected:
  JwtVerifierTest() {
    config_.jwt_keys = absl::StrCat(testing::TempDir(), "/keys");
    config_.jwt_algorithms = {"RS256", "ES256"};
    config_.jwt_audience = "lab";
    UseKeys(RsaKey().PublicPem());
  }

  void UseKeys(const std::string& content) {
    std::ofstream(config_.jwt_keys, std::ios::binary) << content;
    chmod(config_.jwt_keys.c_str(), 0600);
  }
  void UseKeySet(const std::vector<std::string>& keys) {
    std::string set;
    for (const std::string& key : keys) {
      absl::StrAppend(&set, set.empty() ? "" : ",", key);
    }
    UseKeys(absl::StrCat(R"({"keys":[)", set, "]}"));
  }

  absl::StatusOr<Principal> Verify(const std::string& token) const {
    const auto verifier = JwtVerifier::Open(config_);
    EXPECT_TRUE(verifier.ok()) << verifier.status();
    if (!verifier.ok()) return verifier.status();
    return (*verifier)->Verify(token, absl::FromUnixSeconds(kNow));
  }
  // Returns the message of the error; empty if the token is accepted.
  std::string Refusal(const std::string& token) const {
    const absl::Status status = Verify(token).status();
    EXPECT_TRUE(status.ok() || absl::IsUnauthenticated(status)) << status;
    return std::string(status.message());
  }
  std::string Detail(const std::string& header,
                     const std::string& claims) const {
    return IdentityDetail(Verify(RsaKey().Sign(header, claims)).status());
  }
  std::string RefusalOfClaims(const std::string& claims) const {
    return Refusal(RsaKey().Sign(kRs256, claims));
  }
  std::string RefusalOfHeader(const std::string& header) const {
    return Refusal(RsaKey().Sign(header, kClaims));
  }

  IdentityConfig config_;
};

TEST_F(JwtVerifierTest, AGoodTokenNamesItsCaller) {
  const auto caller = Verify(RsaKey().Sign(kRs256, kClaims));
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ(caller->id, "jwt:alice");
  EXPECT_EQ(caller->authentication, Authentication::kJwt);
  // Names of groups with blanks can't stand in a policy.
  EXPECT_THAT(caller->groups, ElementsAre("analyst", "lab/eu"));
}

TEST_F(JwtVerifierTest, KeysOfEachTypeVerify) {
  const SigningKey ec = SigningKey::NewEc("P-256");
  const std::string secret(32, 's');
  config_.jwt_algorithms = {"RS256", "ES256", "HS256"};
  UseKeySet({RsaKey().PublicJwk(""), ec.PublicJwk(""),
             absl::StrCat(R"({"kty":"oct","k":")",
                          absl::WebSafeBase64Escape(secret), R"("})")});
  EXPECT_EQ(RefusalOfHeader(kRs256), "");
  EXPECT_EQ(Refusal(ec.Sign(kEs256, kClaims)), "");
  const std::string header = R"({"alg":"HS256"})";
  EXPECT_EQ(Refusal(SignWithSecret(secret, header, kClaims)), "");
  EXPECT_THAT(Refusal(SignWithSecret(secret + "x", header, kClaims)),
              HasSubstr("signature"));
  EXPECT_THAT(Refusal(SigningKey::NewEc("P-256").Sign(kEs256, kClaims)),
              HasSubstr("signature"));
}

TEST_F(JwtVerifierTest, AForgedTokenIsRefused) {
  EXPECT_THAT(Refusal(OtherRsaKey().Sign(kRs256, kClaims)),
              HasSubstr("signature"));
  const std::string token = RsaKey().Sign(kRs256, kClaims);
  const std::string signature = token.substr(token.rfind('.'));
  const std::string other = absl::StrReplaceAll(kClaims, {{"alice", "admin"}});
  EXPECT_THAT(Refusal(UnsignedToken(kRs256, other) + signature),
              HasSubstr("signature"));
  std::string changed = token;
  changed[token.rfind('.') + 10] ^= 1;
  EXPECT_NE(Refusal(changed), "");
}

TEST_F(JwtVerifierTest, ATokenWithoutASignatureIsRefused) {
  for (const std::string algorithm : {"none", "None", "NONE", "nOnE", ""}) {
    const std::string header = absl::StrCat(R"({"alg":")", algorithm, R"("})");
    const std::string token = UnsignedToken(header, kClaims);
    EXPECT_NE(Refusal(token), "") << algorithm;
    EXPECT_NE(Refusal(token + "."), "") << algorithm;
    EXPECT_THAT(Refusal(token + ".AAAA"), HasSubstr("algorithm")) << algorithm;
  }
  config_.jwt_algorithms = {"none"};
  EXPECT_FALSE(JwtVerifier::Open(config_).ok());
}

TEST_F(JwtVerifierTest, APublicKeyIsNoSecret) {
  config_.jwt_algorithms = {"RS256", "ES256", "HS256"};
  const std::string pem = RsaKey().PublicPem();
  const std::string header = R"({"alg":"HS256"})";
  EXPECT_THAT(Refusal(SignWithSecret(pem, header, kClaims)), HasSubstr("key"));
  UseKeySet({RsaKey().PublicJwk(R"("kid":"1")")});
  EXPECT_THAT(
      Refusal(SignWithSecret(pem, R"({"alg":"HS256","kid":"1"})", kClaims)),
      HasSubstr("key"));
  // Nor is an RSA key one of the other kind.
  EXPECT_THAT(RefusalOfHeader(kEs256), HasSubstr("key"));
}

TEST_F(JwtVerifierTest, OnlyTheAlgorithmsOfTheOperatorAreAccepted) {
  config_.jwt_algorithms = {"RS384"};
  EXPECT_THAT(RefusalOfHeader(kRs256), HasSubstr("algorithm"));
  EXPECT_THAT(RefusalOfHeader(R"({"alg":"rs384"})"), HasSubstr("algorithm"));
  // A key may be for one algorithm only.
  config_.jwt_algorithms = {"RS256", "RS384"};
  UseKeySet({RsaKey().PublicJwk(R"("alg":"RS384")")});
  EXPECT_THAT(RefusalOfHeader(kRs256), HasSubstr("key"));
}

TEST_F(JwtVerifierTest, TheTokenSelectsItsKey) {
  UseKeySet({RsaKey().PublicJwk(R"("kid":"1")"),
             OtherRsaKey().PublicJwk(R"("kid":"2")")});
  EXPECT_EQ(RefusalOfHeader(R"({"alg":"RS256","kid":"1"})"), "");
  EXPECT_THAT(RefusalOfHeader(R"({"alg":"RS256","kid":"2"})"),
              HasSubstr("signature"));
  EXPECT_THAT(RefusalOfHeader(R"({"alg":"RS256","kid":"3"})"),
              HasSubstr("doesn't have the key"));
  EXPECT_THAT(RefusalOfHeader(kRs256), HasSubstr("which of the daemon's keys"));
  EXPECT_NE(RefusalOfHeader(R"({"alg":"RS256","kid":1})"), "");
}

TEST_F(JwtVerifierTest, TimesAreChecked) {
  const auto with = [](const std::string& times) {
    return absl::StrCat(R"({"sub":"alice","aud":"lab",)", times, "}");
  };
  // Clocks may differ by a minute.
  EXPECT_EQ(RefusalOfClaims(with(R"("exp":1899999950)")), "");
  EXPECT_THAT(RefusalOfClaims(with(R"("exp":1899999940)")),
              HasSubstr("has expired"));
  EXPECT_THAT(RefusalOfClaims(with(R"("exp":-1e300)")),
              HasSubstr("has expired"));
  EXPECT_EQ(RefusalOfClaims(with(R"("exp":1e300)")), "");
  EXPECT_NE(RefusalOfClaims(with(R"("exp":1e999)")), "");
  EXPECT_NE(RefusalOfClaims(with(R"("exp":"1900000600")")), "");
  EXPECT_NE(RefusalOfClaims(with(R"("exp":null)")), "");
  EXPECT_THAT(RefusalOfClaims(with(R"("iat":1)")),
              HasSubstr("no expiry (exp)"));
  for (const char* name : {"nbf", "iat"}) {
    const auto begun = [&](const std::string& value) {
      return RefusalOfClaims(
          with(absl::StrCat(R"("exp":1900000600,")", name, R"(":)", value)));
    };
    EXPECT_EQ(begun("1900000059.5"), "");
    EXPECT_THAT(begun("1900000061"), HasSubstr("isn't valid yet"));
    EXPECT_NE(begun(R"("1")"), "");
  }
}

TEST_F(JwtVerifierTest, TheAudienceIsThisDaemon) {
  const auto refusal = [this](const std::string& audience) {
    return RefusalOfClaims(
        absl::StrCat(R"({"sub":"alice","exp":1900000600)", audience, "}"));
  };
  EXPECT_EQ(refusal(R"(,"aud":["other","lab"])"), "");
  for (const char* audience :
       {"", R"(,"aud":"other")", R"(,"aud":"labs")", R"(,"aud":[])",
        R"(,"aud":["other"])", R"(,"aud":[["lab"]])", R"(,"aud":{"lab":"lab"})",
        R"(,"aud":null)"}) {
    EXPECT_THAT(refusal(audience), HasSubstr("another audience")) << audience;
  }
}

TEST_F(JwtVerifierTest, TheIssuerIsCheckedIfOneIsExpected) {
  config_.jwt_issuer = "https://id.example";
  EXPECT_EQ(RefusalOfClaims(kClaims), "");
  config_.jwt_issuer = "https://other.example";
  EXPECT_THAT(RefusalOfClaims(kClaims), HasSubstr("another issuer"));
  EXPECT_THAT(
      RefusalOfClaims(R"({"sub":"alice","aud":"lab","exp":1900000600})"),
      HasSubstr("another issuer"));
}

TEST_F(JwtVerifierTest, TheSubjectIsAPlainName) {
  for (const std::string subject :
       {R"("sub":"",)", R"("sub":1,)", R"("sub":"a b",)", R"("sub":"a\nb",)",
        R"("sub":"a\u0000b",)", "\"sub\":\"\xc3\xa4\","}) {
    EXPECT_THAT(RefusalOfClaims(absl::StrCat(
                    "{", subject, R"("aud":"lab","exp":1900000600})")),
                HasSubstr("plain name"))
        << subject;
  }
  EXPECT_THAT(RefusalOfClaims(R"({"aud":"lab","exp":1900000600})"),
              HasSubstr("no subject (sub)"));
}

TEST_F(JwtVerifierTest, GroupsAreOptional) {
  const auto caller = Verify(
      RsaKey().Sign(kRs256, R"({"sub":"alice","aud":"lab","exp":1900000600})"));
  ASSERT_TRUE(caller.ok());
  EXPECT_THAT(caller->groups, IsEmpty());
  for (const char* groups : {R"("admin")", "[1]", "{}"}) {
    EXPECT_THAT(RefusalOfClaims(absl::StrCat(
                    R"({"sub":"alice","aud":"lab","exp":1900000600,"groups":)",
                    groups, "}")),
                HasSubstr("groups"));
  }
}

TEST_F(JwtVerifierTest, TheOperatorLearnsWhyATokenIsRefused) {
  config_.jwt_issuer = "https://id.example";
  EXPECT_EQ(Detail(R"({"alg":"HS256"})", kClaims), "algorithm_not_allowed");
  EXPECT_EQ(Detail(R"({"alg":"none"})", kClaims), "algorithm_not_allowed");
  EXPECT_EQ(Detail(kEs256, kClaims), "key_unknown");
  EXPECT_EQ(
      IdentityDetail(Verify(OtherRsaKey().Sign(kRs256, kClaims)).status()),
      "signature_wrong");
  const auto changed = [this](const char* from, const char* to) {
    return Detail(kRs256, absl::StrReplaceAll(kClaims, {{from, to}}));
  };
  EXPECT_EQ(changed("alice", "alice"), "");
  EXPECT_EQ(changed("1900000600", "1000000000"), "token_expired");
  EXPECT_EQ(changed("1900000600", "\"never\""), "token_malformed");
  EXPECT_EQ(changed(R"("exp":1900000600)", R"("iat":1)"),
            "token_without_expiry");
  EXPECT_EQ(changed("1900000600", R"(1900000600,"nbf":1900000500)"),
            "token_not_yet_valid");
  EXPECT_EQ(changed("\"lab\"", "\"other\""), "audience_wrong");
  EXPECT_EQ(changed("id.example", "other.example"), "issuer_wrong");
  EXPECT_EQ(changed("alice", "a b"), "subject_invalid");
  UseKeySet({RsaKey().PublicJwk(R"("kid":"1")"),
             OtherRsaKey().PublicJwk(R"("kid":"2")")});
  EXPECT_EQ(Detail(kRs256, kClaims), "key_ambiguous");
}

TEST_F(JwtVerifierTest, DuplicateKeysAreRefused) {
  EXPECT_NE(RefusalOfHeader(R"({"alg":"none","alg":"RS256"})"), "");
  EXPECT_NE(RefusalOfClaims(R"({"sub":"admin","sub":"alice","aud":"lab",)"
                            R"("exp":1900000600})"),
            "");
  EXPECT_NE(RefusalOfClaims(R"({"sub":"alice","aud":"lab","exp":1900000600,)"
                            R"("x":{"a":1,"a":2}})"),
            "");
}

TEST_F(JwtVerifierTest, MalformedTokensAreRefused) {
  const std::string token = RsaKey().Sign(kRs256, kClaims);
  ASSERT_EQ(Refusal(token), "");
  for (size_t size = 0; size < token.size(); size += 7) {
    EXPECT_NE(Refusal(token.substr(0, size)), "") << size;
  }
  for (const std::string& wrong :
       {std::string("."), std::string(".."), std::string("..."), token + ".",
        token + ".x", "." + token, token + "=", token + "A", token + "\n",
        absl::StrReplaceAll(token, {{".", ".="}}),
        absl::StrCat(token, std::string(16384, 'A'))}) {
    EXPECT_NE(Refusal(wrong), "") << wrong;
  }
  for (const std::string& header :
       {std::string(), std::string("[]"), std::string("{}"),
        std::string("\xff"), std::string(R"({"alg":"RS256",})"),
        std::string(R"({"alg":["RS256"]})"),
        std::string(R"({"alg":"RS256","crit":["exp"]})"),
        std::string(R"({"alg":"RS256","crit":[]})"),
        absl::StrCat(R"({"alg":"RS256","x":)", std::string(3000, '['),
                     std::string(3000, ']'), "}")}) {
    EXPECT_NE(RefusalOfHeader(header), "") << header;
  }
  EXPECT_NE(RefusalOfClaims("\xff{}"), "");
  EXPECT_NE(RefusalOfClaims("null"), "");
  EXPECT_NE(RefusalOfClaims(std::string(9000, '[')), "");
}

TEST_F(JwtVerifierTest, AnAlgorithmWithoutAKeyIsAnErrorAtTheStart) {
  const auto error = [this] {
    return std::string(JwtVerifier::Open(config_).status().message());
  };
  config_.jwt_algorithms = {"RS256", "HS256"};
  UseKeys(SigningKey::NewEc("P-256").PublicPem());
  EXPECT_THAT(error(), HasSubstr("none of its keys (EC P-256) is for an "
                                 "algorithm of --jwt-algorithms=RS256,HS256"));
  config_.jwt_algorithms = {"RS256"};
  UseKeySet({RsaKey().PublicJwk(R"("alg":"RS384")")});
  EXPECT_THAT(error(), HasSubstr("(RSA for RS384)"));
  // One key is enough: another may come, or be gone already.
  config_.jwt_algorithms = {"ES256", "RS384"};
  EXPECT_EQ(error(), "");
}

TEST_F(JwtVerifierTest, ASecretThatOthersMayReadIsRefused) {
  config_.jwt_algorithms = {"RS256", "HS256"};
  const std::string secret =
      absl::StrCat(R"({"kty":"oct","k":")",
                   absl::WebSafeBase64Escape(std::string(32, 's')), R"("})");
  UseKeySet({RsaKey().PublicJwk(R"("alg":"RS256")"), secret});
  EXPECT_TRUE(JwtVerifier::Open(config_).ok());
  chmod(config_.jwt_keys.c_str(), 0640);
  EXPECT_TRUE(JwtVerifier::Open(config_).ok());
  chmod(config_.jwt_keys.c_str(), 0644);
  EXPECT_THAT(std::string(JwtVerifier::Open(config_).status().message()),
              HasSubstr("it has a secret, and its permissions are too open"));
  // Public keys are for everybody.
  UseKeySet({RsaKey().PublicJwk("")});
  chmod(config_.jwt_keys.c_str(), 0644);
  EXPECT_TRUE(JwtVerifier::Open(config_).ok());
}

TEST_F(JwtVerifierTest, TheConfigurationIsComplete) {
  config_.jwt_audience = "";
  EXPECT_FALSE(JwtVerifier::Open(config_).ok());
  config_.jwt_audience = "lab";
  config_.jwt_algorithms = {};
  EXPECT_FALSE(JwtVerifier::Open(config_).ok());
  config_.jwt_algorithms = {"RS256", "RS1024"};
  EXPECT_THAT(std::string(JwtVerifier::Open(config_).status().message()),
              HasSubstr("RS1024"));
}

}  // namespace
}  // namespace dissectd::server
