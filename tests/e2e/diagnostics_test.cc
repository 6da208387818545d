// SPDX-License-Identifier: GPL-2.0-or-later

// Asks the daemon about its own state, as administrators may.

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "dissectd/v1/server.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/policy_files.h"
#include "tests/e2e/raw_call.h"

namespace dissectd {
namespace {

using ::google::protobuf::DescriptorPool;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::MessageFactory;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Returns a message of gRPC's service, whose generated code has no header.
std::unique_ptr<Message> ChannelzMessage(const std::string& name) {
  const auto* type = DescriptorPool::generated_pool()->FindMessageTypeByName(
      "grpc.channelz.v1." + name);
  return std::unique_ptr<Message>(
      MessageFactory::generated_factory()->GetPrototype(type)->New());
}

// Follows the fields of these names, and the last item of a repeated one.
const Message& Inner(const Message& message,
                     const std::vector<std::string>& names) {
  const Message* inner = &message;
  for (const std::string& name : names) {
    const FieldDescriptor* field =
        inner->GetDescriptor()->FindFieldByName(name);
    const auto* reflection = inner->GetReflection();
    inner = field->is_repeated()
                ? &reflection->GetRepeatedMessage(
                      *inner, field, reflection->FieldSize(*inner, field) - 1)
                : &reflection->GetMessage(*inner, field);
  }
  return *inner;
}

int64_t NumberIn(const Message& message, const std::string& name) {
  return message.GetReflection()->GetInt64(
      message, message.GetDescriptor()->FindFieldByName(name));
}

class DiagnosticsTest : public ::testing::Test {
 protected:
  static std::vector<std::string> Arguments(const PolicyFiles& files) {
    std::vector<std::string> arguments = files.Arguments();
    arguments.insert(
        arguments.end(),
        {"--listen=localhost:0", "--max-workers=5", "--max-calls=1000",
         "--idle-timeout=3600", "--extcap=randpkt,udpdump"});
    return arguments;
  }

  // Returns a connection over TCP, to the port that the log names.
  std::shared_ptr<grpc::Channel> ConnectByTcp() const {
    std::smatch found;
    std::string log;
    WaitFor("a port in the log", [&] {
      v1::GetDiagnosticsResponse response;
      EXPECT_TRUE(Ask(kAdmin, &response).ok());
      log = response.DebugString();
      return std::regex_search(log, found,
                               std::regex("listening on (localhost:[0-9]+)"));
    });
    return grpc::CreateChannel(found[1], grpc::InsecureChannelCredentials());
  }

  grpc::Status Ask(const std::string& token,
                   v1::GetDiagnosticsResponse* response) const {
    grpc::ClientContext context;
    Authorize(&context, token);
    return v1::ServerService::NewStub(daemon_.Connect())
        ->GetDiagnostics(&context, v1::GetDiagnosticsRequest(), response);
  }

  // Calls a method of gRPC's service.
  static grpc::Status AskChannelz(const std::shared_ptr<grpc::Channel>& channel,
                                  const std::string& token,
                                  const std::string& method,
                                  const Message& request, Message* response) {
    std::string bytes;
    grpc::Status status =
        RawCall(channel, "/grpc.channelz.v1.Channelz/" + method,
                request.SerializeAsString(), &bytes,
                {{"authorization", "Bearer " + token}});
    EXPECT_TRUE(response->ParseFromString(bytes));
    return status;
  }

  const PolicyFiles files_;
  const DaemonProcess daemon_{Arguments(files_)};
  const std::shared_ptr<grpc::Channel> channel_ = daemon_.Connect();
};

TEST_F(DiagnosticsTest, HasWhatTheOperatorHasChanged) {
  v1::GetDiagnosticsResponse response;
  ASSERT_TRUE(Ask(kAdmin, &response).ok());
  EXPECT_EQ(response.process_id(), daemon_.pid());
  EXPECT_THAT(response.kernel(), HasSubstr("Linux"));
  std::vector<std::string> names;
  for (const v1::DaemonOption& option : response.options()) {
    names.push_back(option.name());
    if (option.name() == "max-workers") {
      EXPECT_THAT(option.values(), ElementsAre("5"));
    }
    if (option.name() == "extcap") {
      EXPECT_THAT(option.values(), ElementsAre("randpkt", "udpdump"));
    }
    if (option.name() == "token-file") {
      EXPECT_THAT(option.values(), ElementsAre(HasSubstr("/")));
    }
  }
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_THAT(names, AllOf(Contains("max-workers"), Contains("extcap"),
                           Contains("token-file"), Contains("policy"),
                           Contains("store"), Contains("listen")));
  // They have their defaults.
  EXPECT_THAT(names,
              AllOf(Not(Contains("max-calls")), Not(Contains("idle-timeout")),
                    Not(Contains("max-captures"))));
}

TEST_F(DiagnosticsTest, HasTheLogButNoSecrets) {
  v1::GetDiagnosticsResponse response;
  EXPECT_EQ(Ask(kViewer, &response).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  // A call is logged once it is over, which can be after its client knows that.
  const auto is_refusal = [](const std::string& line) {
    return line.find("ServerService/GetDiagnostics: PERMISSION_DENIED") !=
               std::string::npos &&
           line.find("principal=token:viewer") != std::string::npos;
  };
  WaitFor("the refused call in the log", [&] {
    return Ask(kAdmin, &response).ok() &&
           std::any_of(response.log_lines().begin(), response.log_lines().end(),
                       is_refusal);
  });
  EXPECT_THAT(response.log_lines(0),
              AllOf(HasSubstr(" info dissectd["), Not(HasSubstr("\n"))));
  EXPECT_THAT(response.log_lines(),
              Contains(HasSubstr("is ready, as process")));
  for (const char* token : {kAdmin, kViewer, kNobody}) {
    EXPECT_THAT(response.DebugString(), Not(HasSubstr(token)));
  }
}

TEST_F(DiagnosticsTest, HasTheMetrics) {
  v1::GetDiagnosticsResponse response;
  ASSERT_TRUE(Ask(kAdmin, &response).ok());
  EXPECT_THAT(response.metrics(), HasSubstr("\ndissectd_engine_ready 1\n"));
}

TEST_F(DiagnosticsTest, OnlyAdministratorsMayAsk) {
  for (const char* token : {kViewer, kAnalyst, kCapturer, kLab, kNobody}) {
    v1::GetDiagnosticsResponse response;
    const grpc::Status status = Ask(token, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
    EXPECT_EQ(FailureOf(status).reason(), "PERMISSION_MISSING");
    EXPECT_EQ(response.ByteSizeLong(), 0u);
    const auto servers = ChannelzMessage("GetServersResponse");
    const grpc::Status refused =
        AskChannelz(channel_, token, "GetServers",
                    *ChannelzMessage("GetServersRequest"), servers.get());
    EXPECT_EQ(refused.error_code(), grpc::StatusCode::PERMISSION_DENIED);
    EXPECT_EQ(servers->ByteSizeLong(), 0u);
  }
  v1::GetDiagnosticsResponse response;
  EXPECT_EQ(
      Ask("unknown-token-0123456789abcdef0123456789", &response).error_code(),
      grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(DiagnosticsTest, ChannelzShowsTheServerAndItsConnections) {
  const std::shared_ptr<grpc::Channel> channel = ConnectByTcp();
  const auto servers = ChannelzMessage("GetServersResponse");
  ASSERT_TRUE(AskChannelz(channel, kAdmin, "GetServers",
                          *ChannelzMessage("GetServersRequest"), servers.get())
                  .ok());
  const int64_t server =
      NumberIn(Inner(*servers, {"server", "ref"}), "server_id");
  EXPECT_GT(server, 0);
  EXPECT_GE(NumberIn(Inner(*servers, {"server", "data"}), "calls_started"), 1);

  const auto request = ChannelzMessage("GetServerSocketsRequest");
  request->GetReflection()->SetInt64(
      request.get(), request->GetDescriptor()->FindFieldByName("server_id"),
      server);
  const auto sockets = ChannelzMessage("GetServerSocketsResponse");
  ASSERT_TRUE(
      AskChannelz(channel, kAdmin, "GetServerSockets", *request, sockets.get())
          .ok());
  const auto socket_request = ChannelzMessage("GetSocketRequest");
  socket_request->GetReflection()->SetInt64(
      socket_request.get(),
      socket_request->GetDescriptor()->FindFieldByName("socket_id"),
      NumberIn(Inner(*sockets, {"socket_ref"}), "socket_id"));
  // There is no other connection over TCP.
  const auto socket = ChannelzMessage("GetSocketResponse");
  ASSERT_TRUE(
      AskChannelz(channel, kAdmin, "GetSocket", *socket_request, socket.get())
          .ok());
  EXPECT_GE(NumberIn(Inner(*socket, {"socket", "data"}), "streams_started"), 3);
}

TEST_F(DiagnosticsTest, ChannelzHasNoServerOfAnotherNumber) {
  const auto request = ChannelzMessage("GetServerRequest");
  request->GetReflection()->SetInt64(
      request.get(), request->GetDescriptor()->FindFieldByName("server_id"),
      987654321);
  const auto response = ChannelzMessage("GetServerResponse");
  EXPECT_EQ(AskChannelz(channel_, kAdmin, "GetServer", *request, response.get())
                .error_code(),
            grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace dissectd
