// SPDX-License-Identifier: GPL-2.0-or-later

// Splits files of the store, and compares with what editcap and tshark write.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/export.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/file_contents.h"
#include "tests/e2e/policy_files.h"
#include "tests/e2e/written_captures.h"

namespace dissectd {
namespace {

using ::testing::ElementsAre;
using Files = std::map<std::string, std::string>;

constexpr char kExports[] = "files/exports/";

v1::SplitFileRequest RequestFor(const std::string& file,
                                const std::string& prefix,
                                const std::string& type) {
  v1::SplitFileRequest request;
  request.set_file("files/" + file);
  request.set_prefix(kExports + prefix);
  request.mutable_write()->set_file_type(type);
  return request;
}

v1::SplitFileRequest ByFrames(v1::SplitFileRequest request, uint32_t frames) {
  request.set_frames(frames);
  return request;
}

v1::SplitFileRequest ByTime(v1::SplitFileRequest request, int64_t seconds,
                            int32_t nanos) {
  request.mutable_interval()->set_seconds(seconds);
  request.mutable_interval()->set_nanos(nanos);
  return request;
}

// Returns the files of a folder without the name of the program.
Files FilesIn(const std::string& folder) {
  Files files;
  if (!std::filesystem::exists(folder)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files[entry.path().filename()] = WithoutProgram(ContentsOf(entry.path()));
  }
  return files;
}

std::vector<std::string> NamesOf(const Files& files) {
  std::vector<std::string> names;
  names.reserve(files.size());
  for (const auto& [name, content] : files) names.push_back(name);
  return names;
}

std::string ManyFrames(int count) {
  CaptureBuilder capture;
  for (int i = 0; i < count; ++i) {
    capture.Add(UdpFrame(1000, 2000, std::string(100, 'x')));
  }
  return capture.bytes();
}

class SplitTest : public ::testing::Test {
 protected:
  SplitTest() : SplitTest(std::vector<std::string>()) {}
  explicit SplitTest(const std::vector<std::string>& arguments)
      : daemon_(arguments),
        stub_(v1::ExportService::NewStub(daemon_.Connect())),
        exports_(daemon_.store().path() + "/exports") {
    for (const char* const name :
         {"dns.pcap", "nanoseconds.pcap", "http1.pcap.gz", "cut-short.pcap",
          "empty.pcap", "telephony.pcap", "interfaces-comments.pcapng",
          "merged-encapsulations.pcapng"}) {
      daemon_.store().Write(name,
                            ContentsOf(std::string("tests/captures/") + name));
    }
  }

  grpc::Status Split(const v1::SplitFileRequest& request,
                     v1::SplitFileResponse* response) {
    grpc::ClientContext context;
    return stub_->SplitFile(&context, request, response);
  }

  // Splits, and returns the files after deleting them.
  Files SplitAndTake(const v1::SplitFileRequest& request,
                     v1::SplitFileResponse* response) {
    const grpc::Status status = Split(request, response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    Files files = FilesIn(exports_);
    EXPECT_EQ(files.size(), static_cast<size_t>(response->files_size()));
    for (const v1::File& file : response->files()) {
      const std::string name = file.name().substr(sizeof(kExports) - 1);
      EXPECT_EQ(files.count(name), 1u) << name;
      EXPECT_EQ(std::filesystem::file_size(exports_ + "/" + name),
                file.size_bytes());
    }
    std::filesystem::remove_all(exports_);
    return files;
  }

  // Expects the same files from editcap.
  void ExpectEqual(const v1::SplitFileRequest& request,
                   const std::string& arguments) {
    const TemporaryFolder folder;
    const std::string command =
        "cd '" + folder.path() + "' && editcap " + arguments + " '" +
        daemon_.store().path() + "/" + request.file().substr(6) + "' '" +
        request.prefix().substr(sizeof(kExports) - 1) + "' 2>/dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    v1::SplitFileResponse response;
    const Files files = SplitAndTake(request, &response);
    const Files expected = FilesIn(folder.path());
    EXPECT_EQ(NamesOf(files), NamesOf(expected)) << command;
    for (const auto& [name, content] : expected) {
      const auto found = files.find(name);
      if (found == files.end()) continue;
      EXPECT_TRUE(found->second == content) << command << ": " << name;
    }
  }

  std::string ReasonOf(const v1::SplitFileRequest& request) {
    const Files before = FilesIn(exports_);
    v1::SplitFileResponse response;
    const std::string reason = FailureOf(Split(request, &response)).reason();
    EXPECT_EQ(FilesIn(exports_), before) << "something is left";
    return reason;
  }

  DaemonProcess daemon_;
  const std::unique_ptr<v1::ExportService::Stub> stub_;
  const std::string exports_;
};

TEST_F(SplitTest, FilesOfFramesAreThoseOfEditcap) {
  ExpectEqual(ByFrames(RequestFor("dns.pcap", "out.pcapng", ""), 7), "-c 7");
  ExpectEqual(ByFrames(RequestFor("dns.pcap", "out", "pcap"), 26),
              "-c 26 -F pcap");
  ExpectEqual(
      ByFrames(RequestFor("nanoseconds.pcap", "a.b.pcap", "nsecpcap"), 10),
      "-c 10 -F nsecpcap");
  ExpectEqual(
      ByFrames(RequestFor("interfaces-comments.pcapng", "x.pcapng", ""), 5),
      "-c 5");
  ExpectEqual(
      ByFrames(RequestFor("merged-encapsulations.pcapng", "x.pcapng", ""), 9),
      "-c 9");
  // Those that are completed at their beginning.
  for (const std::string type : {"netmon2", "lanalyzer"}) {
    ExpectEqual(ByFrames(RequestFor("dns.pcap", "x", type), 7),
                "-c 7 -F " + type);
  }
}

TEST_F(SplitTest, AnEmptyCaptureIsOneFile) {
  v1::SplitFileResponse response;
  ASSERT_TRUE(
      Split(ByFrames(RequestFor("empty.pcap", "x.pcapng", ""), 2), &response)
          .ok());
  ASSERT_EQ(response.files_size(), 1);
  EXPECT_EQ(response.files(0).name(), "files/exports/x.pcapng");
  EXPECT_EQ(CountPackets(exports_ + "/x.pcapng"), 0u);
}

TEST_F(SplitTest, FilesOfIntervalsAreThoseOfEditcap) {
  ExpectEqual(
      ByTime(RequestFor("telephony.pcap", "t.pcapng", ""), 0, 10'000'000),
      "-i 0.01");
  ExpectEqual(ByTime(RequestFor("dns.pcap", "t.pcap", "pcap"), 0, 50'000'000),
              "-i 0.05 -F pcap");
  ExpectEqual(ByTime(RequestFor("dns.pcap", "t.pcap", ""), 10, 0), "-i 10");
}

TEST_F(SplitTest, ADamagedFileIsSplitUpToTheDamage) {
  v1::SplitFileRequest request =
      ByFrames(RequestFor("cut-short.pcap", "c.pcapng", ""), 2);
  ExpectEqual(request, "-c 2");
  v1::SplitFileResponse response;
  SplitAndTake(request, &response);
  EXPECT_EQ(response.read_error().reason(), "FILE_CUT_SHORT");
  EXPECT_EQ(response.frames_written(),
            CountPackets(daemon_.store().path() + "/cut-short.pcap"));
}

TEST_F(SplitTest, FilesHaveAtMostTheBytesThatAreAsked) {
  daemon_.store().Write("many.pcap", ManyFrames(10));
  const size_t record = (ManyFrames(10).size() - 24) / 10;
  v1::SplitFileRequest request = RequestFor("many.pcap", "m.pcap", "pcap");
  v1::SplitFileResponse response;
  const auto sizes = [&](uint64_t limit) {
    request.set_bytes(limit);
    SplitAndTake(request, &response);
    EXPECT_EQ(response.frames_written(), 10u);
    std::vector<size_t> records;
    for (const v1::File& file : response.files()) {
      records.push_back((file.size_bytes() - 24) / record);
    }
    return records;
  };
  EXPECT_THAT(sizes(24 + 4 * record), ElementsAre(4, 4, 2));
  EXPECT_THAT(sizes(23 + 4 * record), ElementsAre(3, 3, 3, 1));
  EXPECT_EQ(sizes(1).size(), 10u);
  EXPECT_THAT(sizes(1'000'000), ElementsAre(10));
}

TEST_F(SplitTest, FilesWithInterfacesAndCommentsKeepToTheBytesToo) {
  constexpr uint64_t kLimit = 1500;
  v1::SplitFileRequest request =
      RequestFor("interfaces-comments.pcapng", "m.pcapng", "");
  request.set_bytes(kLimit);
  v1::SplitFileResponse response;
  SplitAndTake(request, &response);
  EXPECT_GT(response.files_size(), 1);
  EXPECT_EQ(response.frames_written(), 18u);
  for (const v1::File& file : response.files()) {
    EXPECT_LE(file.size_bytes(), kLimit);
  }
}

TEST_F(SplitTest, StreamsAreThoseThatTsharkFilters) {
  struct Case {
    std::string file;
    std::string follower;
    std::string field;
    size_t files;
  };
  for (const Case& tested : {Case{"http1.pcap.gz", "TCP", "tcp", 0},
                             Case{"telephony.pcap", "udp", "udp", 0}}) {
    v1::SplitFileRequest request = RequestFor(tested.file, "s.pcap", "pcap");
    request.set_by_stream(tested.follower);
    v1::SplitFileResponse response;
    const Files files = SplitAndTake(request, &response);
    EXPECT_GT(files.size(), 1u);
    EXPECT_EQ(response.frames_written(),
              CountPackets(daemon_.store().path() + "/" + tested.file));
    const TemporaryFolder folder;
    for (const auto& [name, content] : files) {
      const std::string number = name == "s.pcap" ? "" : name.substr(2, 5);
      const std::string filter = number.empty()
                                     ? "!" + tested.field
                                     : tested.field + ".stream == " +
                                           std::to_string(std::stoul(number));
      const std::string out = folder.path() + "/" + name;
      const std::string command = absl::StrCat(
          "tshark -r '", daemon_.store().path(), "/", tested.file,
          "' -F pcap -Y '", filter, "' -w '", out, "' 2>/dev/null");
      EXPECT_EQ(std::system(command.c_str()), 0) << command;
      EXPECT_TRUE(content == ContentsOf(out)) << command;
    }
    request.mutable_options()->set_two_pass(true);
    EXPECT_EQ(SplitAndTake(request, &response), files);
  }
}

TEST_F(SplitTest, CompressedFilesHaveTheSameFrames) {
  v1::SplitFileRequest request =
      ByFrames(RequestFor("dns.pcap", "z.pcap.gz", "pcap"), 20);
  request.mutable_write()->set_compression(v1::COMPRESSION_GZIP);
  v1::SplitFileResponse response;
  ASSERT_TRUE(Split(request, &response).ok());
  ASSERT_EQ(response.files_size(), 2);
  const std::string root = daemon_.store().path() + "/";
  EXPECT_EQ(CountPackets(root + response.files(0).name().substr(6)), 20u);
  EXPECT_EQ(CountPackets(root + response.files(1).name().substr(6)), 6u);
}

TEST_F(SplitTest, RequestsThatMakeNoSenseAreRefused) {
  const v1::SplitFileRequest plain = RequestFor("dns.pcap", "out", "");
  EXPECT_EQ(ReasonOf(plain), "SPLIT_INVALID");
  EXPECT_EQ(ReasonOf(ByFrames(plain, 0)), "SPLIT_INVALID");
  EXPECT_EQ(ReasonOf(ByTime(plain, 0, 0)), "SPLIT_INVALID");
  EXPECT_EQ(ReasonOf(ByTime(plain, -1, 0)), "SPLIT_INVALID");
  EXPECT_EQ(ReasonOf(ByTime(plain, 1, 1'000'000'000)), "SPLIT_INVALID");
  v1::SplitFileRequest request = ByFrames(plain, 1);
  request.mutable_options()->set_two_pass(true);
  EXPECT_EQ(ReasonOf(request), "SPLIT_INVALID");
  request.set_by_stream("SIP");
  EXPECT_EQ(ReasonOf(request), "SPLIT_INVALID");
  request.set_by_stream("nosuch");
  EXPECT_EQ(ReasonOf(request), "FOLLOWER_UNKNOWN");
  request = ByFrames(plain, 1);
  request.mutable_write()->set_file_type("nosuch");
  EXPECT_EQ(ReasonOf(request), "FILE_TYPE_UNKNOWN");
  request = ByFrames(plain, 1);
  request.set_file("files/no.pcap");
  EXPECT_EQ(ReasonOf(request), "FILE_NOT_FOUND");
  request = ByFrames(plain, 1);
  request.set_prefix("files/out");
  EXPECT_EQ(ReasonOf(request), "FILE_NAME_INVALID");
}

TEST_F(SplitTest, AllFilesAreWrittenOrNone) {
  daemon_.store().Write("many.pcap", ManyFrames(1001));
  EXPECT_EQ(ReasonOf(ByFrames(RequestFor("many.pcap", "m", ""), 1)),
            "TOO_MANY_FILES");
  v1::SplitFileRequest request = ByFrames(RequestFor("dns.pcap", "m", ""), 10);
  v1::SplitFileResponse response;
  ASSERT_TRUE(Split(request, &response).ok());
  ASSERT_EQ(response.files_size(), 3);
  EXPECT_EQ(ReasonOf(request), "FILE_EXISTS");
  const std::string root = daemon_.store().path() + "/";
  std::filesystem::remove(root + response.files(0).name().substr(6));
  EXPECT_EQ(ReasonOf(request), "FILE_EXISTS");
}

class QuotaSplitTest : public SplitTest {
 protected:
  QuotaSplitTest()
      : SplitTest({"--upload-quota=20000", "--max-stored-files=5"}) {}
};

TEST_F(QuotaSplitTest, FilesCountTowardsTheQuotas) {
  EXPECT_EQ(ReasonOf(ByFrames(RequestFor("dns.pcap", "m", ""), 2)),
            "TOO_MANY_STORED_FILES");
  daemon_.store().Write("many.pcap", ManyFrames(200));
  EXPECT_EQ(ReasonOf(ByFrames(RequestFor("many.pcap", "m", ""), 100)),
            "EXPORT_TOO_LARGE");
  v1::SplitFileResponse response;
  EXPECT_TRUE(
      Split(ByFrames(RequestFor("dns.pcap", "a", ""), 10), &response).ok());
  EXPECT_EQ(response.files_size(), 3);
  EXPECT_EQ(ReasonOf(ByFrames(RequestFor("dns.pcap", "b", ""), 10)),
            "TOO_MANY_STORED_FILES");
}

TEST(SplitPolicyTest, PartsBelongToTheCaller) {
  const PolicyFiles files;
  const DaemonProcess daemon(files.Arguments());
  daemon.store().Write("many.pcap", ManyFrames(25));
  const auto stub = v1::ExportService::NewStub(daemon.Connect());
  v1::SplitFileResponse response;
  // The second call fails, as the names are in use.
  for (const char* const reason : {"", "FILE_EXISTS"}) {
    grpc::ClientContext context;
    Authorize(&context, kAnalyst);
    const grpc::Status status = stub->SplitFile(
        &context, ByFrames(RequestFor("many.pcap", "part.pcap", "pcap"), 10),
        &response);
    if (*reason == '\0') {
      ASSERT_TRUE(status.ok()) << status.error_message();
    } else {
      EXPECT_EQ(FailureOf(status).reason(), reason);
    }
  }
  ASSERT_EQ(response.files_size(), 3);
  for (const v1::File& file : response.files()) {
    EXPECT_EQ(file.owner(), "token:analyst");
  }
}

}  // namespace
}  // namespace dissectd
