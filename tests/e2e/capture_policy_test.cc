// SPDX-License-Identifier: GPL-2.0-or-later

// Captures as callers with different roles.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dissectd/v1/analysis.grpc.pb.h"
#include "dissectd/v1/capture.grpc.pb.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "tests/e2e/capture_client.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/network_namespace.h"
#include "tests/e2e/policy_files.h"
#include "tests/e2e/session_client.h"

namespace dissectd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Stub = v1::CaptureService::Stub;

// Everyone may capture from interfaces whose names begin with "lo", and sees
// only what isn't sent to port 9999.
constexpr char kPolicy[] = R"({
  "roles": {
    "capturer": {
      "permissions": ["captures.create", "captures.read", "captures.write",
                      "interfaces.list", "filters.compile", "files.read",
                      "dissect", "statistics.read"],
      "interfaces": ["lo*"],
      "capture_filter": "not udp port 9999"},
    "admin": {"permissions": ["*"], "paths": ["*"], "interfaces": ["*"]}},
  "bindings": [
    {"principals": ["token:capturer", "token:lab"], "roles": ["capturer"]},
    {"principals": ["token:admin"], "roles": ["admin"]}]})";

std::string MissingIn(const grpc::Status& status) {
  if (status.error_code() != grpc::StatusCode::PERMISSION_DENIED) return "";
  return FailureOf(status).metadata().at("permission");
}

class CapturePolicyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!EnterPrivateNetwork()) {
      GTEST_SKIP() << "the kernel allows no network namespace of our own";
    }
    files_.WritePolicy(kPolicy);
    daemon_.emplace(files_.Arguments());
    Connect();
  }

  void Connect() {
    channel_ = daemon_->Connect();
    stub_ = v1::CaptureService::NewStub(channel_);
  }

  template <typename Request, typename Response>
  grpc::Status Call(const std::string& token,
                    grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                 const Request&, Response*),
                    const Request& request, Response* response) const {
    grpc::ClientContext context;
    CaptureClient::SetDeadline(&context);
    Authorize(&context, token);
    return (stub_.get()->*method)(&context, request, response);
  }

  grpc::Status Create(const std::string& token,
                      const v1::CaptureOptions& options,
                      v1::Capture* capture = nullptr) const {
    v1::CreateCaptureRequest request;
    *request.mutable_options() = options;
    v1::CreateCaptureResponse response;
    grpc::Status status = Call(token, &Stub::CreateCapture, request, &response);
    if (capture != nullptr) *capture = response.capture();
    return status;
  }

  grpc::Status Get(const std::string& token, const std::string& name,
                   v1::Capture* capture = nullptr) const {
    v1::GetCaptureRequest request;
    request.set_name(name);
    v1::GetCaptureResponse response;
    grpc::Status status = Call(token, &Stub::GetCapture, request, &response);
    if (capture != nullptr) *capture = response.capture();
    return status;
  }

  grpc::Status Stop(const std::string& token, const std::string& name) const {
    v1::StopCaptureRequest request;
    request.set_name(name);
    v1::StopCaptureResponse response;
    return Call(token, &Stub::StopCapture, request, &response);
  }

  grpc::Status Share(const std::string& token, const std::string& name,
                     const std::string& reader) const {
    v1::ShareCaptureRequest request;
    request.set_name(name);
    request.add_readers(reader);
    v1::ShareCaptureResponse response;
    return Call(token, &Stub::ShareCapture, request, &response);
  }

  grpc::Status Delete(const std::string& token, const std::string& name) const {
    v1::DeleteCaptureRequest request;
    request.set_name(name);
    v1::DeleteCaptureResponse response;
    return Call(token, &Stub::DeleteCapture, request, &response);
  }

  std::vector<std::string> List(const std::string& token) const {
    v1::ListCapturesResponse response;
    EXPECT_TRUE(
        Call(token, &Stub::ListCaptures, v1::ListCapturesRequest(), &response)
            .ok());
    std::vector<std::string> names;
    for (const v1::Capture& capture : response.captures()) {
      names.push_back(capture.name());
    }
    return names;
  }

  grpc::Status GetFile(const std::string& token,
                       const std::string& name) const {
    grpc::ClientContext context;
    Authorize(&context, token);
    v1::GetFileRequest request;
    request.set_name(name);
    v1::GetFileResponse response;
    return v1::FileService::NewStub(channel_)->GetFile(&context, request,
                                                       &response);
  }

  // Dissects until the capture ends.
  grpc::Status Dissect(const std::string& token,
                       const std::string& capture) const {
    grpc::ClientContext context;
    CaptureClient::SetDeadline(&context);
    Authorize(&context, token);
    const auto stub = v1::DissectionService::NewStub(channel_);
    const auto reader =
        stub->Dissect(&context, LiveDissection::RequestFor(capture));
    v1::DissectResponse response;
    while (reader->Read(&response)) {
    }
    return reader->Finish();
  }

  grpc::Status OpenSession(const std::string& token,
                           const std::string& capture) const {
    v1::OpenSessionRequest request;
    request.set_capture(capture);
    return SessionClient(channel_, token).Open(request).status;
  }

  // Watches a report until the capture ends.
  grpc::Status WatchStatistics(const std::string& token,
                               const std::string& capture,
                               const std::string& report) const {
    grpc::ClientContext context;
    CaptureClient::SetDeadline(&context);
    Authorize(&context, token);
    v1::WatchStatisticsRequest request;
    request.set_capture(capture);
    request.add_reports()->set_argument(report);
    const auto stub = v1::AnalysisService::NewStub(channel_);
    const auto reader = stub->WatchStatistics(&context, request);
    v1::WatchStatisticsResponse response;
    while (reader->Read(&response)) {
    }
    return reader->Finish();
  }

  const PolicyFiles files_;
  std::optional<DaemonProcess> daemon_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Stub> stub_;
};

TEST_F(CapturePolicyTest, TheFilterOfTheRoleIsAlwaysAdded) {
  v1::CaptureOptions options = CaptureOf("lo");
  // The client wants just what the policy hides.
  options.mutable_interfaces(0)->set_capture_filter("udp");
  options.mutable_stop()->set_packets(5);
  v1::Capture capture;
  ASSERT_TRUE(Create(kCapturer, options, &capture).ok());
  EXPECT_EQ(capture.options().interfaces(0).capture_filter(),
            "(not udp port 9999) and (udp)");
  EXPECT_EQ(capture.owner(), "token:capturer");
  SendUdp({"127.0.0.1", 9999, 20});
  SendUdp({"127.0.0.1", 9998, 20});
  v1::Capture ended;
  WaitFor("five packets", [&] {
    return Get(kCapturer, capture.name(), &ended).ok() && ended.has_stopped();
  });
  v1::ListCaptureFilesRequest request;
  request.set_name(capture.name());
  v1::ListCaptureFilesResponse files;
  ASSERT_TRUE(Call(kCapturer, &Stub::ListCaptureFiles, request, &files).ok());
  ASSERT_EQ(files.files_size(), 1);
  const std::vector<StoredPacket> packets = ReadStoredPackets(
      PathInStore(daemon_->store().path(), files.files(0).file()));
  ASSERT_EQ(packets.size(), 5u);
  for (const StoredPacket& packet : packets) {
    // The destination port, after the headers of Ethernet and IP.
    ASSERT_GT(packet.bytes.size(), 38u);
    EXPECT_EQ(packet.bytes.substr(36, 2), std::string("\x27\x0e"));
  }
}

TEST_F(CapturePolicyTest, AFilterCannotEscapeFromItsBrackets) {
  for (const char* filter :
       {"udp) or (udp", "udp or (", "not vlan) or (udp port 9999", "udp)"}) {
    v1::CaptureOptions options = CaptureOf("lo");
    options.mutable_interfaces(0)->set_capture_filter(filter);
    const grpc::Status status = Create(kCapturer, options);
    EXPECT_EQ(FailureOf(status).reason(), "CAPTURE_FILTER_INVALID") << filter;
  }
  // Words that change what the rest of a filter looks at come after the
  // policy's.
  v1::CaptureOptions options = CaptureOf("lo");
  options.mutable_interfaces(0)->set_capture_filter("udp and not vlan");
  v1::Capture capture;
  ASSERT_TRUE(Create(kCapturer, options, &capture).ok());
  SendUdp({"127.0.0.1", 9999, 20});
  SendUdp({"127.0.0.1", 9998, 1});
  v1::Capture running;
  WaitFor("a packet", [&] {
    return Get(kCapturer, capture.name(), &running).ok() &&
           running.packets_written() > 0;
  });
  EXPECT_EQ(running.packets_written(), 1u);
  EXPECT_TRUE(Stop(kCapturer, capture.name()).ok());
}

TEST_F(CapturePolicyTest, OtherInterfacesAreNeitherShownNorCaptured) {
  const VethPair pair("left", "right");
  EXPECT_EQ(MissingIn(Create(kCapturer, CaptureOf("left"))), "captures.create");
  EXPECT_EQ(MissingIn(Create(kCapturer, CaptureOf("any"))), "captures.create");
  v1::GetInterfaceCapabilitiesRequest request;
  request.set_interface("left");
  v1::GetInterfaceCapabilitiesResponse capabilities;
  EXPECT_EQ(MissingIn(Call(kCapturer, &Stub::GetInterfaceCapabilities, request,
                           &capabilities)),
            "interfaces.list");
  const auto listed = [this](const std::string& token) {
    v1::ListInterfacesResponse response;
    EXPECT_TRUE(Call(token, &Stub::ListInterfaces, v1::ListInterfacesRequest(),
                     &response)
                    .ok());
    std::vector<std::string> names;
    for (const v1::Interface& interface : response.interfaces()) {
      names.push_back(interface.name());
    }
    return names;
  };
  EXPECT_THAT(listed(kCapturer), ElementsAre("lo"));
  EXPECT_GT(listed(kAdmin).size(), 2u);
  grpc::ClientContext context;
  Authorize(&context, kCapturer);
  const auto watch = stub_->WatchInterfaceStatistics(
      &context, v1::WatchInterfaceStatisticsRequest());
  v1::WatchInterfaceStatisticsResponse snapshot;
  ASSERT_TRUE(watch->Read(&snapshot));
  ASSERT_EQ(snapshot.interfaces_size(), 1);
  EXPECT_EQ(snapshot.interfaces(0).name(), "lo");
  context.TryCancel();
  watch->Finish();
}

TEST_F(CapturePolicyTest, ACaptureBelongsToItsCreatorAndSurvivesARestart) {
  v1::CaptureOptions options = CaptureOf("lo");
  options.mutable_interfaces(0)->clear_capture_filter();
  v1::Capture capture;
  ASSERT_TRUE(Create(kCapturer, options, &capture).ok());
  EXPECT_EQ(capture.options().interfaces(0).capture_filter(),
            "(not udp port 9999)");
  const std::string& name = capture.name();
  const auto expect_private = [&] {
    EXPECT_EQ(MissingIn(Get(kLab, name)), "captures.read.any");
    EXPECT_EQ(MissingIn(Stop(kLab, name)), "captures.write.any");
    EXPECT_EQ(MissingIn(Delete(kLab, name)), "captures.write.any");
    EXPECT_EQ(MissingIn(Share(kLab, name, "token:lab")), "captures.write.any");
    EXPECT_THAT(List(kLab), IsEmpty());
    EXPECT_EQ(MissingIn(GetFile(kLab, "files/" + name + "/capture.pcapng")),
              "files.read.any");
    EXPECT_EQ(MissingIn(Dissect(kLab, name)), "captures.read.any");
    EXPECT_EQ(MissingIn(OpenSession(kLab, name)), "captures.read.any");
    EXPECT_EQ(MissingIn(WatchStatistics(kLab, name, "io,phs")),
              "captures.read.any");
  };
  expect_private();
  EXPECT_THAT(List(kCapturer), ElementsAre(name));
  EXPECT_THAT(List(kAdmin), ElementsAre(name));
  EXPECT_TRUE(Stop(kCapturer, name).ok());
  ASSERT_TRUE(Share(kCapturer, name, "token:lab").ok());
  const auto expect_shared = [&] {
    v1::Capture shared;
    EXPECT_TRUE(Get(kLab, name, &shared).ok());
    EXPECT_EQ(shared.owner(), "token:capturer");
    EXPECT_THAT(shared.readers(), ElementsAre("token:lab"));
    EXPECT_TRUE(GetFile(kLab, "files/" + name + "/capture.pcapng").ok());
    EXPECT_EQ(MissingIn(Delete(kLab, name)), "captures.write.any");
    EXPECT_THAT(List(kLab), ElementsAre(name));
    EXPECT_TRUE(Dissect(kLab, name).ok());
    EXPECT_TRUE(OpenSession(kLab, name).ok());
    EXPECT_TRUE(WatchStatistics(kLab, name, "io,phs").ok());
    EXPECT_EQ(MissingIn(WatchStatistics(kLab, name, "credentials")),
              "credentials.read");
  };
  expect_shared();
  daemon_->Restart();
  std::ifstream log(files_.AuditLog());
  const std::string lines(std::istreambuf_iterator<char>(log), {});
  EXPECT_THAT(lines, HasSubstr("\"resources\":[\"" + name +
                               "\"],\"shared_with\":[\"token:lab\"]"));
  Connect();
  expect_shared();
  // The files that stay belong to the same caller.
  EXPECT_TRUE(Delete(kCapturer, name).ok());
  daemon_->Restart();
  Connect();
  EXPECT_TRUE(GetFile(kCapturer, "files/" + name + "/capture.pcapng").ok());
  EXPECT_TRUE(GetFile(kLab, "files/" + name + "/capture.pcapng").ok());
}

}  // namespace
}  // namespace dissectd
