// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/caller_authenticator.h"

#include <gmock/gmock.h>
#include <grpc/grpc_security_constants.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "server/base/identity_errors.h"
#include "server/identity/testing/signing_key.h"

namespace dissectd::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// The hash that `printf secret | sha256sum` prints.
constexpr char kTokens[] =
    "alice sha256:"
    "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b lab\n"
    // `printf old | sha256sum`.
    "carol sha256:"
    "cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4 "
    "2020-01-01T00:00:00Z\n";

// What gRPC tells about a connection.
class FakeAuthContext final : public grpc::AuthContext {
 public:
  explicit FakeAuthContext(std::multimap<std::string, std::string> properties)
      : properties_(std::move(properties)) {}

  bool IsPeerAuthenticated() const override { return true; }
  std::vector<grpc::string_ref> GetPeerIdentity() const override { return {}; }
  std::string GetPeerIdentityPropertyName() const override { return ""; }
  std::vector<grpc::string_ref> FindPropertyValues(
      const std::string& name) const override {
    std::vector<grpc::string_ref> values;
    const auto range = properties_.equal_range(name);
    for (auto it = range.first; it != range.second; ++it) {
      values.emplace_back(it->second);
    }
    return values;
  }
  grpc::AuthPropertyIterator begin() const override { return end(); }
  grpc::AuthPropertyIterator end() const override { abort(); }
  void AddProperty(const std::string&, const grpc::string_ref&) override {}
  bool SetPeerIdentityPropertyName(const std::string&) override {
    return false;
  }

 private:
  const std::multimap<std::string, std::string> properties_;
};

std::shared_ptr<const grpc::AuthContext> Tls(
    std::multimap<std::string, std::string> properties) {
  properties.emplace(GRPC_TRANSPORT_SECURITY_TYPE_PROPERTY_NAME,
                     GRPC_SSL_TRANSPORT_SECURITY_TYPE);
  return std::make_shared<FakeAuthContext>(std::move(properties));
}

// Knows the user of one peer.
class OneUser final : public PeerUsers {
 public:
  std::optional<uint32_t> UserOf(absl::string_view peer) const override {
    if (peer == "unix:1") return 1000;
    return std::nullopt;
  }
};

class CallerAuthenticatorTest : public testing::Test {
 protected:
  CallerAuthenticatorTest() {
    config_.token_file = Write("tokens", kTokens);
    config_.jwt_keys = Write("keys", key_.PublicPem());
    config_.jwt_algorithms = {"ES256"};
    config_.jwt_audience = "lab";
    config_.certificates = true;
    config_.unix_users = true;
  }

  static std::string Write(const char* name, const std::string& content) {
    std::string path = absl::StrCat(testing::TempDir(), "/", name);
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  std::string Jwt() const {
    return key_.Sign(R"({"alg":"ES256"})",
                     R"({"sub":"bob","aud":"lab","exp":9000000000})");
  }

  absl::StatusOr<Principal> Authenticate(const CallEvidence& evidence) const {
    const auto authenticator = CallerAuthenticator::Open(config_, &users_);
    EXPECT_TRUE(authenticator.ok()) << authenticator.status();
    return (*authenticator)->Authenticate(evidence);
  }
  // Returns the id of the caller, or the message of the error.
  std::string Caller(const CallEvidence& evidence) const {
    const auto caller = Authenticate(evidence);
    if (caller.ok()) return caller->id;
    EXPECT_TRUE(absl::IsUnauthenticated(caller.status())) << caller.status();
    return std::string(caller.status().message());
  }

  const SigningKey key_ = SigningKey::NewEc("P-256");
  const OneUser users_;
  IdentityConfig config_;
};

TEST_F(CallerAuthenticatorTest, ATokenComesFirst) {
  const auto tls = Tls({{GRPC_PEER_DNS_PROPERTY_NAME, "host.example"}});
  const auto caller = Authenticate({"unix:1", "Bearer secret", tls});
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ(caller->id, "token:alice");
  EXPECT_EQ(caller->authentication, Authentication::kToken);
  EXPECT_THAT(caller->groups, ElementsAre("lab"));
  const std::string bearer = absl::StrCat("Bearer ", Jwt());
  EXPECT_EQ(Caller({"unix:1", bearer, tls}), "jwt:bob");
}

TEST_F(CallerAuthenticatorTest, AWrongTokenIsNotReplacedByAnythingElse) {
  const auto tls = Tls({{GRPC_PEER_DNS_PROPERTY_NAME, "host.example"}});
  const std::string forged = absl::StrCat("Bearer ", Jwt(), "AAAA");
  for (const std::string& authorization :
       {std::string("Bearer other"), std::string("Basic x"), std::string(" "),
        std::string("Bearer a.b"), forged}) {
    EXPECT_THAT(Caller({"unix:1", authorization, tls}), HasSubstr("The "))
        << authorization;
  }
}

TEST_F(CallerAuthenticatorTest, TheCertificateComesBeforeTheUser) {
  const auto tls = Tls({{GRPC_PEER_DNS_PROPERTY_NAME, "host.example"}});
  EXPECT_EQ(Caller({"unix:1", "", tls}), "certificate:host.example");
  EXPECT_EQ(Caller({"unix:1", "", Tls({})}),
            "The client's certificate has no plain name.");
  EXPECT_EQ(Caller({"unix:1", "", nullptr}), "unix:1000");
}

TEST_F(CallerAuthenticatorTest, ACertificateIsNamedByItsMostSpecificName) {
  std::multimap<std::string, std::string> properties = {
      {GRPC_PEER_URI_PROPERTY_NAME, "spiffe://lab/alice"},
      {GRPC_PEER_DNS_PROPERTY_NAME, "host.example"},
      {GRPC_X509_CN_PROPERTY_NAME, "alice"}};
  EXPECT_EQ(Caller({"", "", Tls(properties)}),
            "certificate:spiffe://lab/alice");
  properties.erase(GRPC_PEER_URI_PROPERTY_NAME);
  EXPECT_EQ(Caller({"", "", Tls(properties)}), "certificate:host.example");
  properties.erase(GRPC_PEER_DNS_PROPERTY_NAME);
  EXPECT_EQ(Caller({"", "", Tls(properties)}), "certificate:alice");
  // A name that isn't plain isn't replaced by a weaker one.
  properties.emplace(GRPC_PEER_DNS_PROPERTY_NAME, std::string("a\0b", 3));
  EXPECT_THAT(Caller({"", "", Tls(properties)}), HasSubstr("plain name"));
}

TEST_F(CallerAuthenticatorTest, AConnectionWithoutTlsHasNoCertificate) {
  const auto local =
      std::make_shared<FakeAuthContext>(std::multimap<std::string, std::string>{
          {GRPC_TRANSPORT_SECURITY_TYPE_PROPERTY_NAME, "local"},
          {GRPC_X509_CN_PROPERTY_NAME, "alice"}});
  EXPECT_EQ(Caller({"unix:1", "", local}), "unix:1000");
}

TEST_F(CallerAuthenticatorTest, WhatIsOffIdentifiesNobody) {
  const auto tls = Tls({{GRPC_PEER_DNS_PROPERTY_NAME, "host.example"}});
  EXPECT_EQ(Caller({"unix:2", "", nullptr}),
            "The call has no token and no client certificate and no user of a "
            "Unix socket.");
  config_.certificates = false;
  EXPECT_EQ(Caller({"unix:1", "", tls}), "unix:1000");
  config_.unix_users = false;
  EXPECT_EQ(Caller({"unix:1", "", tls}), "The call has no token.");
  config_.jwt_keys = "";
  EXPECT_THAT(Caller({"", absl::StrCat("Bearer ", Jwt()), nullptr}),
              HasSubstr("unknown"));
  config_.token_file = "";
  config_.certificates = true;
  EXPECT_EQ(Caller({"", "Bearer secret", nullptr}),
            "The daemon accepts no tokens.");
}

class TrustedProxyTest : public CallerAuthenticatorTest {
 protected:
  TrustedProxyTest() {
    config_.trusted_proxies = {"certificate:edge.example", "unix:1000"};
  }

  // Returns the detail of the error; empty if there is none.
  std::string DetailOf(const CallEvidence& evidence) const {
    return IdentityDetail(Authenticate(evidence).status());
  }

  const NamedCaller alice_ = {{"jwt:alice"}, {"lab"}};
  const std::shared_ptr<const grpc::AuthContext> edge_ =
      Tls({{GRPC_PEER_DNS_PROPERTY_NAME, "edge.example"}});
  const std::shared_ptr<const grpc::AuthContext> other_ =
      Tls({{GRPC_PEER_DNS_PROPERTY_NAME, "host.example"}});
};

TEST_F(TrustedProxyTest, TheProxyNamesTheCaller) {
  const auto caller = Authenticate({"ipv4:192.0.2.1:1", "", edge_, alice_});
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ(caller->id, "proxy:jwt:alice");
  EXPECT_THAT(caller->groups, ElementsAre("lab"));
  EXPECT_EQ(Caller({"unix:1", "", nullptr, alice_}), "proxy:jwt:alice");
}

TEST_F(TrustedProxyTest, NobodyElseMayNameACaller) {
  for (const NamedCaller& named :
       {alice_, NamedCaller{{}, {"lab"}}, NamedCaller{{""}, {}}}) {
    EXPECT_EQ(DetailOf({"", "", other_, named}), "proxy_not_trusted");
    EXPECT_EQ(DetailOf({"", "", nullptr, named}), "proxy_not_trusted");
    // The certificate identifies this client, not the user.
    EXPECT_EQ(DetailOf({"unix:1", "", other_, named}), "proxy_not_trusted");
    // A token of the caller's own doesn't make it a proxy.
    EXPECT_EQ(DetailOf({"", "Bearer secret", other_, named}),
              "proxy_not_trusted");
  }
  config_.trusted_proxies = {};
  EXPECT_EQ(DetailOf({"unix:1", "", edge_, alice_}), "proxy_not_trusted");
}

TEST_F(TrustedProxyTest, TheProxyIsNobodyItself) {
  EXPECT_EQ(DetailOf({"", "", edge_, {}}), "proxy_names_nobody");
  EXPECT_EQ(DetailOf({"unix:1", "", nullptr, {}}), "proxy_names_nobody");
  EXPECT_EQ(Caller({"", "", other_, {}}), "certificate:host.example");
}

TEST_F(TrustedProxyTest, ATokenThatIsPassedOnComesFirst) {
  EXPECT_EQ(Caller({"", "Bearer secret", edge_, {}}), "token:alice");
  EXPECT_EQ(Caller({"", "Bearer secret", edge_, alice_}), "token:alice");
  EXPECT_EQ(DetailOf({"", "Bearer other", edge_, alice_}), "token_unknown");
}

TEST_F(TrustedProxyTest, AWrongOptionIsAnErrorAtTheStart) {
  config_.certificates = false;
  EXPECT_THAT(CallerAuthenticator::Open(config_, &users_).status().message(),
              HasSubstr("--identify-certificates"));
  IdentityConfig alone;
  alone.trusted_proxies = {"unix:1000"};
  EXPECT_FALSE(CallerAuthenticator::Open(alone, &users_).ok());
}

TEST_F(CallerAuthenticatorTest, TheOperatorLearnsWhyACallerIsRefused) {
  const auto detail = [this](const std::string& authorization) {
    const absl::Status status =
        Authenticate({"", authorization, nullptr}).status();
    // Clients don't get it.
    const std::string detail = IdentityDetail(status);
    EXPECT_THAT(SerializeStatus(status), Not(HasSubstr("identity-detail")));
    EXPECT_THAT(SerializeFailure(status), Not(HasSubstr(detail)));
    return detail;
  };
  EXPECT_EQ(detail(""), "nothing_shown");
  EXPECT_EQ(detail("Basic x"), "authorization_malformed");
  EXPECT_EQ(detail("Bearer \t"), "token_malformed");
  EXPECT_EQ(detail("Bearer other"), "token_unknown");
  EXPECT_EQ(detail("Bearer a.b"), "token_malformed");
  EXPECT_EQ(detail(absl::StrCat("Bearer ", Jwt().substr(0, Jwt().size() - 4),
                                "AAAA")),
            "signature_wrong");
  const auto tls = Tls({});
  EXPECT_EQ(IdentityDetail(Authenticate({"", "", tls}).status()),
            "certificate_name_invalid");
  config_.jwt_keys = "";
  config_.token_file = "";
  EXPECT_EQ(detail("Bearer secret"), "tokens_not_accepted");
}

TEST_F(CallerAuthenticatorTest, AnExpiredTokenHasAReasonOfItsOwn) {
  const auto failure = [this](const std::string& authorization) {
    const absl::Status status =
        Authenticate({"unix:1", authorization, nullptr}).status();
    EXPECT_TRUE(absl::IsUnauthenticated(status)) << status;
    return SerializeFailure(status);
  };
  const std::string expired = key_.Sign(
      R"({"alg":"ES256"})", R"({"sub":"bob","aud":"lab","exp":1000})");
  EXPECT_THAT(failure("Bearer old"), HasSubstr("TOKEN_EXPIRED"));
  EXPECT_THAT(failure(absl::StrCat("Bearer ", expired)),
              HasSubstr("TOKEN_EXPIRED"));
  // Nobody learns from a forged token whether it would have expired.
  EXPECT_THAT(failure(absl::StrCat(
                  "Bearer ", SigningKey::NewEc("P-256").Sign(
                                 R"({"alg":"ES256"})",
                                 R"({"sub":"bob","aud":"lab","exp":1000})"))),
              HasSubstr("UNAUTHENTICATED"));
  EXPECT_THAT(failure("Bearer other"), HasSubstr("UNAUTHENTICATED"));
}

TEST_F(CallerAuthenticatorTest, WithoutOptionsThereIsNoAuthenticator) {
  const auto none = CallerAuthenticator::Open(IdentityConfig(), &users_);
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(*none, nullptr);
}

TEST_F(CallerAuthenticatorTest, UsersNeedSomebodyWhoKnowsThem) {
  EXPECT_FALSE(CallerAuthenticator::Open(config_, nullptr).ok());
}

TEST_F(CallerAuthenticatorTest, AFileThatIsWrongIsAnErrorAtTheStart) {
  config_.token_file = Write("tokens", "# tokens\nalice secret\n");
  const std::string error(
      CallerAuthenticator::Open(config_, &users_).status().message());
  EXPECT_THAT(error, HasSubstr(config_.token_file));
  EXPECT_THAT(error, HasSubstr("line 2"));
}

}  // namespace
}  // namespace dissectd::server
