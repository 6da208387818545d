// SPDX-License-Identifier: GPL-2.0-or-later

// A daemon with several engines. The second one calls itself another version.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/dissection.grpc.pb.h"
#include "dissectd/v1/filter.grpc.pb.h"
#include "dissectd/v1/server.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/process_children.h"
#include "tests/e2e/run_daemon.h"
#include "tests/e2e/session_client.h"
#include "tests/e2e/wireshark_release.h"

namespace dissectd {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kKey[] = "x-dissectd-engine";

std::string EnginePath() {
  return std::filesystem::absolute("core/engine/dissectd-engine").string();
}

std::string TwoFrames() {
  CaptureBuilder capture;
  capture.Add(UdpFrame(1000, 2000, "one"));
  capture.Add(UdpFrame(1000, 2000, "two"));
  return capture.bytes();
}

// A folder with programs that stand for engines.
class Programs {
 public:
  // Returns the path of a program with these lines of a shell.
  std::string Add(const std::string& name, const std::string& lines) {
    folder_.Write(name, "#!/bin/sh\n" + lines + "\n");
    const std::string path = PathOf(name);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }

  // Returns the path of the engine that calls itself number 99 of the release.
  std::string AddOther() {
    return Add("other", "LD_PRELOAD=" +
                            std::filesystem::absolute(
                                "tests/e2e/other_version_library.so")
                                .string() +
                            " exec " + EnginePath() + " \"$@\"");
  }

  std::string PathOf(const std::string& name) const {
    return folder_.path() + "/" + name;
  }

 private:
  const TemporaryFolder folder_;
};

v1::DissectRequest Request(const std::string& engine = "") {
  v1::DissectRequest request;
  request.set_inline_capture(TwoFrames());
  request.mutable_options()->set_engine(engine);
  return request;
}

v1::GetServerInfoResponse InfoOf(const std::shared_ptr<grpc::Channel>& channel,
                                 const std::string& engine = "") {
  grpc::ClientContext context;
  if (!engine.empty()) context.AddMetadata(kKey, engine);
  v1::GetServerInfoResponse info;
  const grpc::Status status =
      v1::ServerService::NewStub(channel)->GetServerInfo(
          &context, v1::GetServerInfoRequest(), &info);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return info;
}

std::vector<std::string> IdsOf(const v1::GetServerInfoResponse& info) {
  std::vector<std::string> ids;
  for (const v1::Engine& engine : info.engines()) ids.push_back(engine.id());
  return ids;
}

grpc::Status CompileFilter(const std::shared_ptr<grpc::Channel>& channel,
                           const std::string& engine) {
  grpc::ClientContext context;
  context.AddMetadata(kKey, engine);
  v1::CompileFilterRequest request;
  request.set_filter("udp");
  v1::CompileFilterResponse response;
  const grpc::Status status =
      v1::FilterService::NewStub(channel)->CompileFilter(&context, request,
                                                         &response);
  EXPECT_EQ(response.valid(), status.ok());
  return status;
}

class EnginesTest : public ::testing::Test {
 protected:
  EnginesTest()
      : first_(IdsOf(InfoOf(daemon_.Connect())).front()),
        release_("wireshark-" + WiresharkRelease(daemon_.Connect())),
        other_(release_ + ".99") {}

  // Returns the id of the engine that dissects, as its worker says.
  std::string EngineThatDissects(const v1::DissectRequest& request,
                                 const std::string& metadata = "") {
    grpc::ClientContext context;
    if (!metadata.empty()) context.AddMetadata(kKey, metadata);
    const auto stub = v1::DissectionService::NewStub(daemon_.Connect());
    const auto reader = stub->Dissect(&context, request);
    v1::DissectResponse response;
    std::string id;
    while (reader->Read(&response)) {
      if (response.has_header()) id = response.header().engine_id();
    }
    const grpc::Status status = reader->Finish();
    return status.ok() ? id : FailureOf(status).reason();
  }

  Programs programs_;
  const DaemonProcess daemon_{
      {"--engine=" + EnginePath(), "--engine=" + programs_.AddOther()}};
  const std::string first_;
  // The id of both engines without the last number.
  const std::string release_;
  const std::string other_;
};

TEST_F(EnginesTest, ServerInfoListsThem) {
  EXPECT_NE(first_, other_);
  EXPECT_THAT(IdsOf(InfoOf(daemon_.Connect())), ElementsAre(first_, other_));
  EXPECT_THAT(IdsOf(InfoOf(daemon_.Connect(), other_)), ElementsAre(other_));
}

TEST_F(EnginesTest, DissectionChoosesOne) {
  EXPECT_EQ(EngineThatDissects(Request()), first_);
  EXPECT_EQ(EngineThatDissects(Request(first_)), first_);
  EXPECT_EQ(EngineThatDissects(Request(other_)), other_);
  EXPECT_EQ(EngineThatDissects(Request(), other_), other_);
  EXPECT_EQ(EngineThatDissects(Request(first_), other_), first_);
}

TEST_F(EnginesTest, TheFirstPartsOfAnIdChooseTheFirstThatFits) {
  EXPECT_EQ(EngineThatDissects(Request(release_)), first_);
  EXPECT_EQ(EngineThatDissects(Request("wireshark")), first_);
  EXPECT_EQ(EngineThatDissects(Request(release_ + ".9")), "ENGINE_NOT_FOUND");
}

TEST_F(EnginesTest, AnUnknownOneIsAnError) {
  const std::string version = other_.substr(sizeof("wireshark"));
  for (const std::string& engine :
       {std::string("wireshark-9.9"), version, std::string(" ")}) {
    EXPECT_EQ(EngineThatDissects(Request(engine)), "ENGINE_NOT_FOUND");
  }
  const grpc::Status status = CompileFilter(daemon_.Connect(), "tshark");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(FailureOf(status).reason(), "ENGINE_NOT_FOUND");
  EXPECT_THAT(status.error_message(), HasSubstr(first_ + ", " + other_));
}

TEST_F(EnginesTest, PacketsThatAreSentAreDissectedByTheChosenOne) {
  grpc::ClientContext context;
  context.AddMetadata(kKey, other_);
  const auto stub = v1::DissectionService::NewStub(daemon_.Connect());
  const auto call = stub->DissectPipe(&context);
  v1::DissectPipeRequest message;
  message.mutable_request();
  ASSERT_TRUE(call->Write(message));
  message.set_data(TwoFrames());
  ASSERT_TRUE(call->Write(message));
  call->WritesDone();
  v1::DissectResponse response;
  ASSERT_TRUE(call->Read(&response));
  EXPECT_EQ(response.header().engine_id(), other_);
  context.TryCancel();
}

TEST_F(EnginesTest, SessionsKeepTheirs) {
  daemon_.store().Write("two.pcap", TwoFrames());
  SessionClient client(daemon_.Connect());
  v1::OpenSessionRequest open;
  open.set_file("files/two.pcap");
  open.mutable_options()->set_engine(other_);
  const v1::Session session = client.Open(open).session();
  EXPECT_EQ(session.options().engine(), other_);
  EXPECT_EQ(client.Open("two.pcap").options().engine(), first_);

  const auto engine_of_frame = [&] {
    v1::GetFrameRequest request;
    request.set_session(session.name());
    request.set_frame_number(1);
    v1::GetFrameResponse response;
    EXPECT_TRUE(client.GetFrame(request, &response).ok());
    return response.header().engine_id();
  };
  EXPECT_EQ(engine_of_frame(), other_);

  v1::ReloadSessionRequest reload;
  reload.set_name(session.name());
  reload.mutable_options()->mutable_name_resolution();
  EXPECT_TRUE(client.Reload(reload).status.ok());
  EXPECT_EQ(engine_of_frame(), other_);

  reload.mutable_options()->set_engine(release_);
  EXPECT_EQ(client.Reload(reload).session().options().engine(), first_);
  EXPECT_EQ(engine_of_frame(), first_);
}

// Whoever asks for the other engine has to wait; nobody else notices.
TEST_F(EnginesTest, IfOneIsGoneTheOthersServe) {
  const auto channel = daemon_.Connect();
  EXPECT_TRUE(CompileFilter(channel, other_).ok());
  std::filesystem::remove(programs_.PathOf("other"));
  // Children are listed in the order of their start.
  kill(ChildrenOf(daemon_.pid()).back(), SIGKILL);
  EXPECT_TRUE(CompileFilter(channel, first_).ok());
  EXPECT_EQ(EngineThatDissects(Request()), first_);
  const grpc::Status status = CompileFilter(channel, other_);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(FailureOf(status).reason(),
              AnyOf("ENGINE_UNAVAILABLE", "ENGINE_DIED"));
  // It is known still.
  EXPECT_THAT(IdsOf(InfoOf(channel)), ElementsAre(first_, other_));
}

TEST(EngineStartTest, AnotherThatCannotStartIsLeftOut) {
  Programs programs;
  // The exit status of an engine that can't initialise libwireshark.
  const DaemonProcess daemon({"--engine=" + EnginePath(),
                              "--engine=" + programs.Add("broken", "exit 3")});
  const auto channel = daemon.Connect();
  EXPECT_EQ(InfoOf(channel).engines_size(), 1);
  const grpc::Status status = CompileFilter(channel, "wireshark-9.9");
  EXPECT_EQ(FailureOf(status).reason(), "ENGINE_NOT_FOUND");
}

TEST(EngineStartTest, NothingServesWithoutTheFirst) {
  Programs programs;
  const TemporaryFolder store;
  const CommandOutput output = RunDaemon(
      "--listen=unix:" + store.path() + "/socket --store=" + store.path() +
      " --engine=" + programs.Add("broken", "exit 3") +
      " --engine=" + EnginePath());
  EXPECT_EQ(output.exit_status, 1);
  EXPECT_THAT(output.text, HasSubstr("the first engine failed to initialise"));
}

TEST(EngineStartTest, OneVersionCannotBeThereTwice) {
  const TemporaryFolder store;
  const CommandOutput output = RunDaemon(
      "--listen=unix:" + store.path() + "/socket --store=" + store.path() +
      " --engine=" + EnginePath() + " --engine=" + EnginePath());
  EXPECT_EQ(output.exit_status, 1);
  EXPECT_THAT(output.text, HasSubstr("two of the engines are wireshark-"));
}

}  // namespace
}  // namespace dissectd
