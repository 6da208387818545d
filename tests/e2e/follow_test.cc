// SPDX-License-Identifier: GPL-2.0-or-later

// Tests AnalysisService.FollowStream, the methods for objects and for the
// secrets of TLS, against tshark.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "tests/e2e/command.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/file_contents.h"
#include "tests/e2e/session_client.h"

namespace dissectd {
namespace {

constexpr char kHttp[] = "http1.pcap.gz";
constexpr char kTls[] = "http1-tls.pcap";
constexpr char kHttp2[] = "http2-tls-dsb.pcapng";

std::string PathOf(const std::string& name) { return "tests/captures/" + name; }

// Returns what tshark prints.
std::string Tshark(const std::string& capture, const std::string& arguments) {
  return OutputOf("tshark -q -r " + PathOf(capture) + " " + arguments +
                  " 2>/dev/null");
}

std::string Hex(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof(digits), "%02x",
                  static_cast<unsigned char>(c));
    text += digits;
  }
  return text;
}

struct Followed {
  v1::FollowedStream header;
  // A line for each chunk, as tshark writes it in the mode `raw`.
  std::string raw;
  std::string bytes;
  v1::AnalysisEnd end;
  grpc::Status status;
};

class FollowTest : public ::testing::Test {
 protected:
  FollowTest() : stub_(v1::AnalysisService::NewStub(daemon_.Connect())) {
    for (const char* name : {kHttp, kTls, kHttp2}) {
      daemon_.store().Write(name, ContentsOf(PathOf(name)));
    }
  }

  static v1::FollowStreamRequest RequestFor(const std::string& capture,
                                            const std::string& follower) {
    v1::FollowStreamRequest request;
    request.mutable_source()->set_file("files/" + capture);
    request.set_follower(follower);
    return request;
  }

  Followed Follow(const v1::FollowStreamRequest& request) {
    grpc::ClientContext context;
    const auto reader = stub_->FollowStream(&context, request);
    Followed followed;
    v1::FollowStreamResponse response;
    while (reader->Read(&response)) {
      if (response.has_header()) followed.header = response.header();
      if (response.has_end()) followed.end = response.end();
      if (!response.has_chunk()) continue;
      const v1::StreamChunk& chunk = response.chunk();
      if (chunk.from_server()) followed.raw += '\t';
      followed.raw += Hex(chunk.data()) + "\n";
      followed.bytes += chunk.data();
    }
    followed.status = reader->Finish();
    return followed;
  }

  std::string ReasonOf(const v1::FollowStreamRequest& request) {
    return FailureOf(Follow(request).status).reason();
  }

  struct Objects {
    std::vector<v1::ExportObject> list;
    // The contents by the names of the files.
    std::map<std::string, std::string> files;
    grpc::Status status;
  };

  Objects ReadObjects(const v1::ReadExportObjectsRequest& request) {
    grpc::ClientContext context;
    const auto reader = stub_->ReadExportObjects(&context, request);
    Objects objects;
    v1::ReadExportObjectsResponse response;
    while (reader->Read(&response)) {
      if (response.has_object()) {
        objects.list.push_back(response.object());
        objects.files[response.object().export_name()];
      } else if (response.kind_case() ==
                 v1::ReadExportObjectsResponse::kChunk) {
        objects.files[objects.list.back().export_name()] += response.chunk();
      }
    }
    objects.status = reader->Finish();
    return objects;
  }

  DaemonProcess daemon_;
  std::unique_ptr<v1::AnalysisService::Stub> stub_;
};

// Returns the lines of tshark's report without its frame.
std::string RawLines(const std::string& report) {
  std::stringstream lines(report);
  std::string line;
  std::string raw;
  while (std::getline(lines, line)) {
    const std::string digits =
        line.substr(0, 1) == "\t" ? line.substr(1) : line;
    if (digits.empty() ||
        digits.find_first_not_of("0123456789abcdef") != std::string::npos) {
      continue;
    }
    raw += line + "\n";
  }
  return raw;
}

TEST_F(FollowTest, TheBytesOfAStreamAreTsharks) {
  for (const char* follower : {"TCP", "http"}) {
    for (const uint32_t stream : {0u, 1u}) {
      v1::FollowStreamRequest request = RequestFor(kHttp, follower);
      request.set_stream(stream);
      const Followed followed = Follow(request);
      ASSERT_TRUE(followed.status.ok()) << followed.status.error_message();
      const std::string name = follower == std::string("TCP") ? "tcp" : "http";
      const std::string expected = RawLines(Tshark(
          kHttp, "-z follow," + name + ",raw," + std::to_string(stream)));
      EXPECT_FALSE(expected.empty());
      EXPECT_EQ(followed.raw, expected);
      EXPECT_EQ(followed.header.client_bytes() + followed.header.server_bytes(),
                followed.bytes.size());
      EXPECT_GT(followed.end.frames_read(), 0);
    }
  }
}

TEST_F(FollowTest, AStreamOfHttp2IsInAStreamOfTcp) {
  v1::FollowStreamRequest request = RequestFor(kHttp2, "HTTP2");
  request.set_stream(0);
  EXPECT_EQ(ReasonOf(request), "STREAM_SELECTION_INVALID");
  request.set_sub_stream(1);
  const Followed followed = Follow(request);
  EXPECT_EQ(followed.raw, RawLines(Tshark(kHttp2, "-z follow,http2,raw,0,1")));
  EXPECT_FALSE(followed.raw.empty());
}

TEST_F(FollowTest, AFrameOrItsEndpointsSelectTheSameStream) {
  v1::FollowStreamRequest request = RequestFor(kHttp, "TCP");
  request.set_stream(0);
  const Followed by_number = Follow(request);
  request.set_frame_number(4);
  const Followed by_frame = Follow(request);
  EXPECT_EQ(by_frame.raw, by_number.raw);
  EXPECT_EQ(by_frame.header.display_filter(), "tcp.stream eq 0");
  EXPECT_EQ(by_frame.end.frames_read(), by_number.end.frames_read());
  v1::EndpointPair* const endpoints = request.mutable_endpoints();
  endpoints->set_address_a(by_number.header.server().address());
  endpoints->set_port_a(by_number.header.server().port());
  endpoints->set_address_b(by_number.header.client().address());
  endpoints->set_port_b(by_number.header.client().port());
  EXPECT_EQ(Follow(request).raw, by_number.raw);
  request.mutable_source()->mutable_options()->set_two_pass(true);
  request.set_frame_number(4);
  EXPECT_EQ(Follow(request).raw, by_number.raw);
}

TEST_F(FollowTest, ASessionFollowsTheStreamsOfAFrame) {
  SessionClient sessions(daemon_.Connect());
  const v1::Session session = sessions.Open(kHttp2);
  // It has a frame of the stream 1.
  v1::GetFrameResponse frame;
  ASSERT_TRUE(sessions.GetFrame(WholeFrame(session.name(), 14), &frame).ok());
  std::map<std::string, v1::FrameStream> streams;
  for (const v1::FrameStream& stream : frame.streams()) {
    streams[stream.follower()] = stream;
  }
  EXPECT_FALSE(streams.at("TCP").has_sub_stream());
  ASSERT_TRUE(streams.at("HTTP2").has_sub_stream());
  EXPECT_EQ(streams.at("HTTP2").sub_stream(), 1u);
  const std::string expected =
      RawLines(Tshark(kHttp2, "-2 -z follow,http2,raw,0,1"));
  v1::FollowStreamRequest request;
  request.mutable_source()->set_session(session.name());
  request.set_follower("HTTP2");
  request.set_stream(streams.at("HTTP2").stream());
  request.set_sub_stream(streams.at("HTTP2").sub_stream());
  EXPECT_EQ(Follow(request).raw, expected);
  request.clear_sub_stream();
  request.set_frame_number(14);
  EXPECT_EQ(Follow(request).raw, expected);
  request.set_frame_number(4'000'000);
  EXPECT_EQ(ReasonOf(request), "FRAME_NOT_FOUND");
}

TEST_F(FollowTest, FramesHaveTheNumbersThatTheReadFilterGivesThem) {
  v1::FollowStreamRequest request = RequestFor(kHttp, "TCP");
  v1::DissectionOptions* const options =
      request.mutable_source()->mutable_options();
  options->set_two_pass(true);
  request.set_stream(1);
  const std::string expected = Follow(request).raw;
  EXPECT_NE(expected, "");
  options->set_read_filter("tcp.stream == 1");
  request.set_frame_number(3);
  EXPECT_EQ(Follow(request).raw, expected);
  request.set_frame_number(4'000'000);
  const v1::Failure failure = FailureOf(Follow(request).status);
  EXPECT_EQ(failure.reason(), "FRAME_NOT_FOUND");
  const std::string stream =
      Tshark(kHttp, "-Y 'tcp.stream == 1' -T fields -e frame.number");
  EXPECT_EQ(failure.metadata().at("frames"),
            std::to_string(std::count(stream.begin(), stream.end(), '\n')));
}

TEST_F(FollowTest, OnlyTheFirstBytesAreSentIfTheClientWantsNoMore) {
  v1::FollowStreamRequest request = RequestFor(kHttp, "TCP");
  request.set_stream(0);
  const Followed all = Follow(request);
  request.set_max_bytes(200);
  const Followed some = Follow(request);
  EXPECT_EQ(some.bytes, all.bytes.substr(0, 200));
  EXPECT_EQ(some.header.server_bytes(), all.header.server_bytes());
  EXPECT_GT(some.end.frames_read(), 0);
}

TEST_F(FollowTest, AStreamThatDoesNotExistHasNoBytes) {
  v1::FollowStreamRequest request = RequestFor(kHttp, "TCP");
  request.set_stream(9999);
  const Followed followed = Follow(request);
  EXPECT_TRUE(followed.status.ok());
  EXPECT_EQ(followed.bytes, "");
  EXPECT_EQ(followed.header.client().address(), "");
}

TEST_F(FollowTest, WrongSelectionsHaveReasons) {
  v1::FollowStreamRequest request = RequestFor(kHttp, "GOPHER");
  request.set_stream(0);
  EXPECT_EQ(ReasonOf(request), "FOLLOWER_UNKNOWN");
  request = RequestFor(kHttp, "TCP");
  EXPECT_EQ(ReasonOf(request), "STREAM_SELECTION_INVALID");
  request.set_frame_number(0);
  EXPECT_EQ(ReasonOf(request), "STREAM_SELECTION_INVALID");
  request.set_frame_number(4'000'000);
  EXPECT_EQ(ReasonOf(request), "FRAME_NOT_FOUND");
  request.set_follower("UDP");
  request.set_frame_number(4);
  EXPECT_EQ(ReasonOf(request), "FRAME_NOT_IN_STREAM");
  request.set_follower("SIP");
  request.set_stream(0);
  EXPECT_EQ(ReasonOf(request), "STREAM_SELECTION_INVALID");
  request.set_follower("TCP");
  request.set_sub_stream(1);
  EXPECT_EQ(ReasonOf(request), "STREAM_SELECTION_INVALID");
  request.clear_sub_stream();
  v1::EndpointPair* const endpoints = request.mutable_endpoints();
  endpoints->set_address_a("192.0.2.1");
  endpoints->set_port_a(1);
  endpoints->set_address_b("localhost");
  endpoints->set_port_b(2);
  EXPECT_EQ(ReasonOf(request), "STREAM_SELECTION_INVALID");
  endpoints->set_address_b("::1");
  EXPECT_EQ(ReasonOf(request), "STREAM_SELECTION_INVALID");
  endpoints->set_address_b("192.0.2.2");
  endpoints->set_port_b(65536);
  EXPECT_EQ(ReasonOf(request), "STREAM_SELECTION_INVALID");
}

TEST_F(FollowTest, ReportsHaveTsharksText) {
  std::string arguments;
  v1::RunStatisticsRequest request;
  request.mutable_source()->set_file(std::string("files/") + kHttp);
  request.set_text(true);
  for (const char* report :
       {"follow,tcp,hex,0", "follow,tcp,ascii,0", "follow,tcp,ebcdic,0",
        "follow,tcp,raw,1,2-3", "follow,tcp,yaml,0", "follow,udp,hex,0"}) {
    arguments += std::string(" -z ") + report;
    request.add_reports()->set_argument(report);
  }
  grpc::ClientContext context;
  const auto reader = stub_->RunStatistics(&context, request);
  std::map<uint32_t, std::string> texts;
  v1::RunStatisticsResponse response;
  while (reader->Read(&response)) {
    if (!response.has_result()) continue;
    texts[response.result().report_index()] += response.result().text();
  }
  EXPECT_TRUE(reader->Finish().ok());
  std::string text;
  // tshark prints the last one first.
  for (auto it = texts.rbegin(); it != texts.rend(); ++it) text += it->second;
  EXPECT_EQ(text, Tshark(kHttp, arguments));
}

TEST_F(FollowTest, ObjectsAreThoseThatTsharkWrites) {
  const TemporaryFolder folder;
  Tshark(kHttp, "--export-objects http," + folder.path());
  v1::ReadExportObjectsRequest request;
  request.mutable_source()->set_file(std::string("files/") + kHttp);
  request.set_type("http");
  const Objects objects = ReadObjects(request);
  ASSERT_TRUE(objects.status.ok()) << objects.status.error_message();
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    const std::string name = entry.path().filename();
    ASSERT_EQ(objects.files.count(name), 1) << name;
    EXPECT_EQ(objects.files.at(name), ContentsOf(entry.path())) << name;
    ++count;
  }
  EXPECT_GT(count, 1);
  EXPECT_EQ(objects.list.size(), count);
  for (const v1::ExportObject& object : objects.list) {
    EXPECT_EQ(object.size_bytes(),
              objects.files.at(object.export_name()).size());
    EXPECT_EQ(object.sha256().size(), 32);
  }
  request.add_indexes(1);
  const Objects second = ReadObjects(request);
  ASSERT_EQ(second.list.size(), 1);
  EXPECT_EQ(second.list[0].SerializeAsString(),
            objects.list[1].SerializeAsString());
}

// The dissector of TFTP keeps the files' content in memory of its own.
TEST_F(FollowTest, FilesOfTftpAreThoseThatTsharkWrites) {
  using std::string_literals::operator""s;
  CaptureBuilder capture;
  capture.Add(UdpFrame(4000, 69, "\0\2notes.txt\0octet\0"s))
      .Add(UdpFrame(4000, 5000, "\0\3\0\1"s + std::string(512, 'x')))
      .Add(UdpFrame(4000, 5000, "\0\3\0\2end"s));
  daemon_.store().Write("tftp.pcap", capture.bytes());
  const TemporaryFolder folder;
  OutputOf("tshark -q -r '" + daemon_.store().path() +
           "/tftp.pcap' --export-objects tftp," + folder.path() +
           " 2>/dev/null");
  const std::string expected = ContentsOf(folder.path() + "/notes.txt");
  EXPECT_EQ(expected, std::string(512, 'x') + "end");
  v1::ReadExportObjectsRequest request;
  request.mutable_source()->set_file("files/tftp.pcap");
  request.set_type("tftp");
  for (const bool two_pass : {false, true}) {
    request.mutable_source()->mutable_options()->set_two_pass(two_pass);
    const Objects objects = ReadObjects(request);
    EXPECT_TRUE(objects.status.ok()) << objects.status.error_message();
    ASSERT_EQ(objects.files.count("notes.txt"), 1) << two_pass;
    EXPECT_EQ(objects.files.at("notes.txt"), expected) << two_pass;
  }
}

TEST_F(FollowTest, WrongObjectsHaveReasons) {
  v1::ReadExportObjectsRequest request;
  request.mutable_source()->set_file(std::string("files/") + kHttp);
  request.set_type("gopher");
  EXPECT_EQ(FailureOf(ReadObjects(request).status).reason(),
            "OBJECT_TYPE_UNKNOWN");
  request.set_type("http");
  request.add_indexes(1000);
  EXPECT_EQ(FailureOf(ReadObjects(request).status).reason(),
            "OBJECT_NOT_FOUND");
}

TEST_F(FollowTest, TheSecretsOfTlsAreThoseThatTsharkExports) {
  const TemporaryFolder folder;
  const std::string exported = folder.path() + "/keys";
  const std::string keys = PathOf("http1-tls.keys");
  // Without a report, tshark -q dissects nothing.
  Tshark(kTls, "-z io,phs -o tls.keylog_file:" + keys +
                   " --export-tls-session-keys " + exported);
  v1::ExportTlsSecretsRequest request;
  request.mutable_source()->set_file(std::string("files/") + kTls);
  request.mutable_source()->mutable_options()->set_tls_key_log(
      ContentsOf(keys));
  grpc::ClientContext context;
  v1::ExportTlsSecretsResponse response;
  const grpc::Status status =
      stub_->ExportTlsSecrets(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.key_log(), ContentsOf(exported));
  EXPECT_NE(response.key_log(), "");
  EXPECT_GT(response.end().frames_read(), 0);
}

TEST_F(FollowTest, FollowersAndObjectTypesAreListed) {
  grpc::ClientContext context;
  v1::ListReportsResponse response;
  ASSERT_TRUE(
      stub_->ListReports(&context, v1::ListReportsRequest(), &response).ok());
  const std::vector<std::string> followers(response.followers().begin(),
                                           response.followers().end());
  EXPECT_EQ(followers,
            (std::vector<std::string>{"DCCP", "HTTP", "HTTP2", "QUIC", "SIP",
                                      "TCP", "TLS", "UDP"}));
  const std::vector<std::string> types(response.object_types().begin(),
                                       response.object_types().end());
  EXPECT_EQ(types, (std::vector<std::string>{"dicom", "ftp-data", "http", "imf",
                                             "smb", "tftp"}));
}

}  // namespace
}  // namespace dissectd
