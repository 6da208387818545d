// SPDX-License-Identifier: GPL-2.0-or-later

// Calls a daemon that identifies its callers, with good tokens and with
// tokens that somebody else might try.

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "dissectd/v1/server.grpc.pb.h"
#include "server/identity/testing/signing_key.h"
#include "tests/e2e/command.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/raw_call.h"

namespace dissectd {
namespace {

using server::SigningKey;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Everyone who is identified may do everything.
constexpr char kPolicyOption[] = "--policy=deploy/policy/everyone.json";

constexpr char kHeader[] = R"({"alg":"RS256","typ":"JWT"})";

// Hashes that `printf secret | sha256sum` prints, of secret, other and old.
constexpr char kAlice[] =
    "alice sha256:"
    "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b "
    "analyst,lab\n";
constexpr char kBob[] =
    "bob sha256:"
    "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa\n";
constexpr char kCarol[] =
    "carol sha256:"
    "cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4 "
    "2020-01-01T00:00:00Z\n";

std::string Claims(absl::Duration remaining, const std::string& audience) {
  return absl::StrCat(R"({"sub":"dave","aud":")", audience,
                      R"(","groups":["capturer"],"exp":)",
                      absl::ToUnixSeconds(absl::Now() + remaining), "}");
}

// Runs a command whose errors are part of its output.
CommandOutput RunWithErrors(const std::string& command) {
  return RunCommand(command + " 2>&1");
}

// The files that a daemon identifies its callers by.
struct IdentityFiles {
  IdentityFiles() {
    WriteTokens(absl::StrCat(kAlice, kBob, kCarol));
    folder.Write("keys", key.PublicPem());
  }

  // Replaces the file at once.
  void WriteTokens(const std::string& content) const {
    folder.Write("next", content);
    std::rename((folder.path() + "/next").c_str(),
                (folder.path() + "/tokens").c_str());
  }

  // Returns the options of a daemon, with further ones.
  std::vector<std::string> Arguments(
      const std::vector<std::string>& further) const {
    std::vector<std::string> arguments = {
        "--token-file=" + folder.path() + "/tokens",
        "--jwt-keys=" + folder.path() + "/keys", "--jwt-algorithms=RS256,ES256",
        "--jwt-audience=lab", kPolicyOption};
    arguments.insert(arguments.end(), further.begin(), further.end());
    return arguments;
  }

  std::string Jwt(const std::string& subject = "dave") const {
    return key.Sign(kHeader, absl::StrReplaceAll(Claims(absl::Hours(1), "lab"),
                                                 {{"dave", subject}}));
  }

  const SigningKey key = SigningKey::NewRsa();
  const TemporaryFolder folder;
};

class IdentityTest : public testing::Test {
 protected:
  explicit IdentityTest(const std::vector<std::string>& arguments = {})
      : daemon_(files_.Arguments(arguments)) {}

  // Calls GetServerInfo with the values of `authorization`.
  grpc::Status Info(const std::vector<std::string>& authorizations,
                    v1::GetServerInfoResponse* info = nullptr) const {
    grpc::ClientContext context;
    for (const std::string& value : authorizations) {
      context.AddMetadata("authorization", value);
    }
    v1::GetServerInfoResponse unused;
    return stub_->GetServerInfo(&context, v1::GetServerInfoRequest(),
                                info == nullptr ? &unused : info);
  }

  void ExpectUnauthenticated(
      const std::vector<std::string>& authorizations) const {
    const grpc::Status status = Info(authorizations);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED)
        << ::testing::PrintToString(authorizations);
    EXPECT_EQ(FailureOf(status).reason(), "UNAUTHENTICATED");
  }

  const IdentityFiles files_;
  const DaemonProcess daemon_;
  const std::shared_ptr<grpc::Channel> channel_ = daemon_.Connect();
  const std::unique_ptr<v1::ServerService::Stub> stub_ =
      v1::ServerService::NewStub(channel_);
};

// Returns the paths of all methods of the services that the daemon lists.
std::vector<std::string> MethodsOf(
    const std::shared_ptr<grpc::Channel>& channel) {
  std::string list;
  // ServerReflectionRequest with list_services = 7.
  EXPECT_TRUE(RawCall(channel,
                      "/grpc.reflection.v1alpha.ServerReflection/"
                      "ServerReflectionInfo",
                      std::string("\x3a\x00", 2), &list)
                  .ok());
  std::vector<std::string> methods;
  const std::regex name(
      "(dissectd\\.v1\\.[A-Za-z]+|grpc\\.channelz\\.v1\\.Channelz)");
  for (std::sregex_iterator it(list.begin(), list.end(), name), end; it != end;
       ++it) {
    const google::protobuf::ServiceDescriptor* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
            it->str());
    EXPECT_NE(service, nullptr) << it->str();
    for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
      methods.push_back(
          absl::StrCat("/", it->str(), "/", service->method(i)->name()));
    }
  }
  return methods;
}

TEST_F(IdentityTest, NoMethodAnswersCallersThatItDoesNotKnow) {
  const std::string jwt = files_.Jwt();
  const std::string hour = Claims(absl::Hours(1), "lab");
  const std::string expired =
      files_.key.Sign(kHeader, Claims(-absl::Hours(1), "lab"));
  const std::vector<std::string> tokens = {
      "",
      "wrong",
      "old",
      expired,
      files_.key.Sign(kHeader, Claims(absl::Hours(1), "other")),
      SigningKey::NewRsa().Sign(kHeader, hour),
      server::UnsignedToken(R"({"alg":"none"})", hour) + ".",
      server::SignWithSecret(files_.key.PublicPem(), R"({"alg":"HS256"})",
                             hour),
  };
  const std::vector<std::string> methods = MethodsOf(channel_);
  // Fewer would mean that the list wasn't read.
  ASSERT_GT(methods.size(), 50u);
  for (const std::string& method : methods) {
    for (const std::string& token : tokens) {
      Metadata metadata;
      if (!token.empty()) metadata = {{"authorization", "Bearer " + token}};
      std::string response;
      const grpc::Status status =
          RawCall(channel_, method, "", &response, metadata);
      EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED)
          << method << " with " << token << ": " << status.error_message();
      // Only tokens that were valid tell that they have expired.
      EXPECT_EQ(FailureOf(status).reason(), token == "old" || token == expired
                                                ? "TOKEN_EXPIRED"
                                                : "UNAUTHENTICATED");
      EXPECT_EQ(response, "");
    }
  }
  EXPECT_TRUE(Info({"Bearer " + jwt}).ok());
}

TEST_F(IdentityTest, ACallerIsToldWhoItIs) {
  v1::GetServerInfoResponse info;
  ASSERT_TRUE(Info({"Bearer secret"}, &info).ok());
  EXPECT_EQ(info.caller().principal(), "token:alice");
  EXPECT_EQ(info.caller().authentication(), v1::AUTHENTICATION_TOKEN);
  EXPECT_THAT(info.caller().groups(), ElementsAre("analyst", "lab"));
  // The rest of the answer is there as well.
  EXPECT_NE(info.version(), "");
  EXPECT_THAT(info.engines(), SizeIs(1));
  ASSERT_TRUE(Info({"bearer " + files_.Jwt()}, &info).ok());
  EXPECT_EQ(info.caller().principal(), "jwt:dave");
  EXPECT_EQ(info.caller().authentication(), v1::AUTHENTICATION_JWT);
  EXPECT_THAT(info.caller().groups(), ElementsAre("capturer"));
}

TEST_F(IdentityTest, ACallerWithATokenIsServed) {
  const auto stub = v1::FileService::NewStub(channel_);
  for (const std::string& token : {std::string("other"), files_.Jwt()}) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + token);
    v1::ListFilesResponse files;
    EXPECT_TRUE(stub->ListFiles(&context, v1::ListFilesRequest(), &files).ok());
  }
}

TEST_F(IdentityTest, ATokenWithoutALineIsRevoked) {
  ASSERT_TRUE(Info({"Bearer secret"}).ok());
  files_.WriteTokens(kBob);
  WaitFor("the token to be revoked", [&] {
    return Info({"Bearer secret"}).error_code() ==
           grpc::StatusCode::UNAUTHENTICATED;
  });
  EXPECT_TRUE(Info({"Bearer other"}).ok());
  // A file with an error changes nothing.
  files_.WriteTokens(absl::StrCat(kAlice, "bob other\n"));
  files_.folder.Write("keys", SigningKey::NewRsa().PublicPem());
  WaitFor("the keys to be replaced", [&] {
    return Info({"Bearer " + files_.Jwt()}).error_code() ==
           grpc::StatusCode::UNAUTHENTICATED;
  });
  EXPECT_TRUE(Info({"Bearer other"}).ok());
  ExpectUnauthenticated({"Bearer secret"});
}

TEST_F(IdentityTest, OddMetadataIsNoIdentity) {
  for (const std::string& value :
       {std::string(), std::string("secret"), std::string("Bearer"),
        std::string("Bearer  secret"), std::string("Basic secret"),
        std::string("Bearer secret, Bearer secret"),
        "Bearer " + std::string(6000, 'x'),
        "Bearer " + std::string(3000, '.') + std::string(3000, 'x')}) {
    ExpectUnauthenticated({value});
  }
  // Neither the first nor the last one counts.
  ExpectUnauthenticated({"Bearer secret", "Bearer wrong"});
  ExpectUnauthenticated({"Bearer wrong", "Bearer secret"});
  ExpectUnauthenticated({"Bearer secret", "Bearer secret"});
  ExpectUnauthenticated({"", "Bearer secret"});
  EXPECT_TRUE(Info({"Bearer secret"}).ok());
  // gRPC itself refuses more than 16 KiB of metadata. Later calls on the same
  // connection may fail with gRPC 1.51, so this comes last.
  EXPECT_EQ(Info({"Bearer " + std::string(17'000, 'x')}).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

class GuessingTest : public IdentityTest {
 protected:
  GuessingTest()
      : IdentityTest({"--max-calls-per-second=1", "--identify-unix-users"}) {}

  // Calls as somebody who hasn't called before, with a right token. Returns the
  // reason of the refusal; empty if there is none.
  std::string RefusalOfNewCaller() {
    const grpc::Status status =
        Info({"Bearer " + files_.Jwt(absl::StrCat("guest", ++callers_))});
    return status.ok() ? "" : FailureOf(status).reason();
  }

 private:
  int callers_ = 0;
};

TEST_F(GuessingTest, WrongTokensUseUpTheCallsOfTheirHost) {
  EXPECT_EQ(RefusalOfNewCaller(), "");
  WaitFor("a right token that is refused, too", [this] {
    Info({"Bearer wrong"});
    return RefusalOfNewCaller() == "CALL_RATE_EXCEEDED";
  });
  // Whoever shows no token can't guess one.
  EXPECT_TRUE(Info({}).ok());
  WaitFor("the next second", [this] { return RefusalOfNewCaller().empty(); });
}

TEST_F(IdentityTest, HealthIsForEverybody) {
  std::string response;
  EXPECT_TRUE(
      RawCall(channel_, "/grpc.health.v1.Health/Check", "", &response).ok());
}

TEST(IdentityOptionsTest, WithoutOptionsEverybodyIsAnonymous) {
  const DaemonProcess daemon;
  grpc::ClientContext context;
  // A token that nobody asked for doesn't matter.
  context.AddMetadata("authorization", "Bearer secret");
  v1::GetServerInfoResponse info;
  ASSERT_TRUE(v1::ServerService::NewStub(daemon.Connect())
                  ->GetServerInfo(&context, v1::GetServerInfoRequest(), &info)
                  .ok());
  EXPECT_EQ(info.caller().principal(), "anonymous");
  EXPECT_EQ(info.caller().authentication(), v1::AUTHENTICATION_NONE);
  EXPECT_THAT(info.caller().groups(), IsEmpty());
}

TEST(IdentityOptionsTest, MistakesAreReportedAtTheStart) {
  const IdentityFiles files;
  const TemporaryFolder store;
  const std::string daemon =
      "timeout 60 server/dissectd --listen=unix:" + files.folder.path() +
      "/socket --store=" + store.path();
  const std::string keys = " --jwt-keys=" + files.folder.path() + "/keys";
  files.WriteTokens(absl::StrCat("# tokens\n", kAlice, "bob other\n"));
  const CommandOutput tokens = RunWithErrors(
      daemon + " --token-file=" + files.folder.path() + "/tokens");
  EXPECT_EQ(tokens.exit_status, 1);
  EXPECT_THAT(tokens.text, HasSubstr("/tokens\": line 3"));
  EXPECT_EQ(RunWithErrors(daemon + " --token-file=/nowhere").exit_status, 1);
  EXPECT_EQ(RunWithErrors(daemon + keys).exit_status, 2);
  EXPECT_EQ(
      RunWithErrors(daemon + keys + " --jwt-algorithms=RS256").exit_status, 2);
  EXPECT_EQ(RunWithErrors(daemon + " --jwt-audience=lab").exit_status, 2);
  const CommandOutput none = RunWithErrors(
      daemon + keys + " --jwt-algorithms=none --jwt-audience=lab");
  EXPECT_EQ(none.exit_status, 1);
  EXPECT_THAT(none.text, HasSubstr("RS256"));
}

TEST(TokenCommandTest, TheDaemonKnowsItsTokens) {
  const TemporaryFolder folder;
  const std::string file = folder.path() + "/tokens";
  const std::string create = "clients/cli/dissectctl token create ";
  const CommandOutput eve =
      RunWithErrors(create + "eve --group lab --expires 1d --append " + file);
  const CommandOutput frank = RunWithErrors(create + "frank --append " + file);
  ASSERT_EQ(eve.exit_status, 0) << eve.text;
  ASSERT_EQ(frank.exit_status, 0) << frank.text;
  const DaemonProcess daemon({"--token-file=" + file, kPolicyOption});
  for (const auto& [token, name] :
       {std::make_pair(eve.text, "token:eve"),
        std::make_pair(frank.text, "token:frank")}) {
    grpc::ClientContext context;
    context.AddMetadata(
        "authorization",
        absl::StrCat("Bearer ", absl::StrReplaceAll(token, {{"\n", ""}})));
    v1::GetServerInfoResponse info;
    ASSERT_TRUE(v1::ServerService::NewStub(daemon.Connect())
                    ->GetServerInfo(&context, v1::GetServerInfoRequest(), &info)
                    .ok())
        << name;
    EXPECT_EQ(info.caller().principal(), name);
  }
}

}  // namespace
}  // namespace dissectd
