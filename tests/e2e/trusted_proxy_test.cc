// SPDX-License-Identifier: GPL-2.0-or-later

// Calls a daemon as a proxy that names its callers, and as others who try to.
// This process is the proxy: the daemon knows its user at a Unix socket.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dissectd/v1/server.grpc.pb.h"
#include "tests/e2e/any_metadata.h"
#include "tests/e2e/command.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kMethod[] = "/dissectd.v1.ServerService/GetServerInfo";
constexpr char kOk[] = "0";
constexpr char kUnauthenticated[] = "16";

constexpr char kPolicy[] = R"({
  "roles": {"everything": {"permissions": ["*"]}},
  "bindings": [{"principals": ["proxy:jwt:alice", "group:lab", "token:alice"],
                "roles": ["everything"]}]})";

// The hash that `printf secret | sha256sum` prints.
constexpr char kTokens[] =
    "alice sha256:"
    "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b\n";

// The files of a daemon that identifies its callers.
struct IdentityFiles {
  IdentityFiles() {
    folder.Write("policy", kPolicy);
    folder.Write("tokens", kTokens);
  }

  std::vector<std::string> Arguments(
      const std::vector<std::string>& further) const {
    std::vector<std::string> arguments = {
        "--identify-unix-users", "--policy=" + folder.path() + "/policy",
        "--token-file=" + folder.path() + "/tokens"};
    arguments.insert(arguments.end(), further.begin(), further.end());
    return arguments;
  }

  const TemporaryFolder folder;
};

std::string ThisUser() { return absl::StrCat("unix:", getuid()); }

class TrustedProxyTest : public testing::Test {
 protected:
  explicit TrustedProxyTest(const std::vector<std::string>& arguments =
                                {"--trusted-proxy=unix:4000000000",
                                 "--trusted-proxy=" + ThisUser()})
      : daemon_(files_.Arguments(arguments)) {}

  grpc::Status Info(const Metadata& metadata,
                    v1::GetServerInfoResponse* info) const {
    grpc::ClientContext context;
    for (const auto& [name, value] : metadata) {
      context.AddMetadata(name, value);
    }
    return stub_->GetServerInfo(&context, v1::GetServerInfoRequest(), info);
  }

  grpc::Status Info(const Metadata& metadata) const {
    v1::GetServerInfoResponse info;
    return Info(metadata, &info);
  }

  // Returns the principal that the daemon sees, or the reason of the refusal.
  std::string Principal(const Metadata& metadata) const {
    v1::GetServerInfoResponse info;
    const grpc::Status status = Info(metadata, &info);
    return status.ok() ? info.caller().principal() : FailureOf(status).reason();
  }

  // Returns the status code of a call with metadata that no client would send.
  std::string CodeWithAny(const Metadata& metadata) const {
    return CallWithAnyMetadata(
        daemon_.address().substr(std::string("unix:").size()), kMethod,
        metadata);
  }

  const IdentityFiles files_;
  const DaemonProcess daemon_;
  const std::unique_ptr<v1::ServerService::Stub> stub_ =
      v1::ServerService::NewStub(daemon_.Connect());
};

TEST_F(TrustedProxyTest, TheCallerIsTheOneThatTheProxyNames) {
  v1::GetServerInfoResponse info;
  ASSERT_TRUE(Info({{"x-dissectd-caller", "jwt:alice"}}, &info).ok());
  EXPECT_EQ(info.caller().principal(), "proxy:jwt:alice");
  EXPECT_EQ(info.caller().authentication(), v1::AUTHENTICATION_PROXY);
  EXPECT_THAT(info.caller().groups(), IsEmpty());
  EXPECT_THAT(info.caller().roles(), ElementsAre("everything"));
  ASSERT_TRUE(Info({{"x-dissectd-caller", "certificate:bob"},
                    {"x-dissectd-groups", "guests,lab"}},
                   &info)
                  .ok());
  EXPECT_EQ(info.caller().principal(), "proxy:certificate:bob");
  EXPECT_THAT(info.caller().groups(), ElementsAre("guests", "lab"));
}

TEST_F(TrustedProxyTest, ThePolicyTellsItsCallersFromOthers) {
  // Neither the token's owner nor a group has the rights of its name.
  for (const char* name : {"token:alice", "alice", "group:lab", "*", "lab",
                           "proxy:jwt:alice", "jwt:Alice"}) {
    EXPECT_EQ(Principal({{"x-dissectd-caller", name}}), "PERMISSION_MISSING")
        << name;
  }
}

TEST_F(TrustedProxyTest, ATokenThatTheProxyPassesOnIsVerifiedByTheDaemon) {
  const std::string alice = "token:alice";
  EXPECT_EQ(Principal({{"authorization", "Bearer secret"}}), alice);
  EXPECT_EQ(Principal({{"authorization", "Bearer secret"},
                       {"x-dissectd-caller", "certificate:bob"}}),
            alice);
  EXPECT_EQ(Principal({{"authorization", "Bearer wrong"},
                       {"x-dissectd-caller", "jwt:alice"}}),
            "UNAUTHENTICATED");
}

TEST_F(TrustedProxyTest, TheProxyItselfIsNobody) {
  const grpc::Status status = Info({});
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_THAT(status.error_message(), HasSubstr("log in at the proxy"));
  EXPECT_EQ(Principal({{"x-dissectd-groups", "lab"}}), "UNAUTHENTICATED");
}

TEST_F(TrustedProxyTest, NoBytesMakeAnotherCaller) {
  using std::string_literals::operator""s;
  constexpr char kCaller[] = "x-dissectd-caller";
  ASSERT_EQ(CodeWithAny({{kCaller, "jwt:alice"}}), kOk);
  for (const std::string& value :
       {""s, " "s, ","s, "jwt:alice,jwt:bob"s, "jwt:alice "s, " jwt:alice"s,
        "jwt:alice\0"s, "\0jwt:alice"s, "jwt:al\0ice"s, "jwt:alice\r\n"s,
        "jwt:alice\r\nx-dissectd-groups: lab"s, "jwt:\xff\xfe"s,
        "jwt:alice\xc3\xa4"s, "jwt:\talice"s, "\x7f"s, "*"s, "group:lab"s,
        std::string(256, 'a'), std::string(8000, 'a')}) {
    EXPECT_NE(CodeWithAny({{kCaller, value}}), kOk) << value;
    // Neither the first nor the last one counts.
    EXPECT_NE(CodeWithAny({{kCaller, "jwt:alice"}, {kCaller, value}}), kOk)
        << value;
    EXPECT_NE(CodeWithAny({{kCaller, value}, {kCaller, "jwt:alice"}}), kOk)
        << value;
    EXPECT_NE(CodeWithAny({{kCaller, "jwt:alice"},
                           {"x-dissectd-groups", value},
                           {"x-dissectd-groups", "lab"}}),
              kOk)
        << value;
  }
  EXPECT_EQ(CodeWithAny({{kCaller, "jwt:alice"}, {kCaller, "jwt:alice"}}),
            kUnauthenticated);
  EXPECT_EQ(CodeWithAny({{kCaller, "jwt:alice"}}), kOk);
}

class ProxyShareTest : public TrustedProxyTest {
 protected:
  ProxyShareTest()
      : TrustedProxyTest(
            {"--trusted-proxy=" + ThisUser(), "--max-calls-per-second=1"}) {}
};

TEST_F(ProxyShareTest, EachCallerHasItsShare) {
  const Metadata alice = {{"x-dissectd-caller", "jwt:alice"}};
  WaitFor("a call beyond the rate",
          [&] { return Principal(alice) == "CALL_RATE_EXCEEDED"; });
  EXPECT_EQ(Principal({{"x-dissectd-caller", "jwt:bob"},
                       {"x-dissectd-groups", "lab"}}),
            "proxy:jwt:bob");
}

class UntrustedProxyTest : public TrustedProxyTest {
 protected:
  UntrustedProxyTest()
      : TrustedProxyTest({"--trusted-proxy=unix:4000000000"}) {}
};

TEST_F(UntrustedProxyTest, NobodyElseMayNameACaller) {
  for (const Metadata& metadata :
       {Metadata{{"x-dissectd-caller", "jwt:alice"}},
        Metadata{{"x-dissectd-groups", "lab"}},
        Metadata{{"x-dissectd-caller", "jwt:alice"},
                 {"authorization", "Bearer secret"}}}) {
    const grpc::Status status = Info(metadata);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
    EXPECT_THAT(status.error_message(), HasSubstr("--trusted-proxy"));
  }
  EXPECT_EQ(CodeWithAny({{"x-dissectd-caller", ""}}), kUnauthenticated);
  EXPECT_EQ(Principal({{"authorization", "Bearer secret"}}), "token:alice");
}

TEST(AnonymousDaemonTest, NobodyMayNameACaller) {
  const DaemonProcess daemon;
  const auto stub = v1::ServerService::NewStub(daemon.Connect());
  grpc::ClientContext context;
  context.AddMetadata("x-dissectd-caller", "jwt:alice");
  v1::GetServerInfoResponse info;
  const grpc::Status status =
      stub->GetServerInfo(&context, v1::GetServerInfoRequest(), &info);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_THAT(status.error_message(), HasSubstr("--trusted-proxy"));
}

TEST(ProxyOptionTest, MistakesAreReportedAtTheStart) {
  const IdentityFiles files;
  const TemporaryFolder store;
  const auto error_of = [&](const std::string& options) {
    const CommandOutput output = RunCommand(
        "timeout 60 server/dissectd --listen=unix:" + files.folder.path() +
        "/socket --store=" + store.path() + " --policy=" + files.folder.path() +
        "/policy --token-file=" + files.folder.path() + "/tokens " + options +
        " 2>&1");
    EXPECT_EQ(output.exit_status, 1) << output.text;
    return output.text;
  };
  EXPECT_THAT(error_of("--trusted-proxy=unix:0"),
              HasSubstr("needs --identify-unix-users"));
  EXPECT_THAT(error_of("--trusted-proxy=certificate:edge.example"),
              HasSubstr("needs --identify-certificates"));
  EXPECT_THAT(error_of("--identify-unix-users --trusted-proxy=token:alice"),
              HasSubstr("neither certificate:NAME nor unix:UID"));
}

}  // namespace
}  // namespace dissectd
