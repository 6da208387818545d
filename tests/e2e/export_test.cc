// SPDX-License-Identifier: GPL-2.0-or-later

// Tests ExportService: streams, files in the store, and cleaning up after
// failures.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/export.grpc.pb.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "tests/e2e/capture_faults.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/deadline_status.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

using ::testing::HasSubstr;

constexpr size_t kChunkBytes = 256 << 10;
constexpr char kOut[] = "files/exports/out.pcap";

// More than all buffers between a worker and its client hold, so that a
// client that doesn't read stops the worker in mid-stream.
constexpr int kManyFrames = 80'000;

// Frames are captured a millisecond apart in one second, so that those after
// the first thousand have times that are written differently.
std::string Frames(int count, size_t payload = 200) {
  CaptureBuilder capture;
  const std::string frame = UdpFrame(1000, 2000, std::string(payload, 'x'));
  for (int i = 0; i < count; ++i) capture.Add(frame);
  return capture.bytes();
}

std::string TwoFrames() {
  return CaptureBuilder()
      .Add(UdpFrame(1000, 2000, "one"))
      .Add(UdpFrame(2000, 1000, "two"))
      .bytes();
}

std::string ReadBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Returns the hash in hexadecimal, computed by another program.
std::string Sha256Of(const std::string& path) {
  FILE* program = popen(("sha256sum < '" + path + "'").c_str(), "r");
  std::array<char, 65> digest = {};
  EXPECT_NE(std::fgets(digest.data(), digest.size(), program), nullptr);
  pclose(program);
  return digest.data();
}

std::string Hex(const std::string& bytes) {
  std::string text;
  for (const char byte : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof(digits), "%02x",
                  static_cast<unsigned>(static_cast<unsigned char>(byte)));
    text += digits;
  }
  return text;
}

v1::ExportPacketsRequest RequestToWrite(const std::string& file,
                                        const std::string& type) {
  v1::ExportPacketsRequest request;
  request.set_file("files/" + file);
  request.mutable_write()->set_file_type(type);
  return request;
}

struct Exported {
  v1::ExportHeader header;
  std::string bytes;
  v1::ExportEnd end;
  grpc::Status status;
};

class ExportTest : public ::testing::Test {
 protected:
  ExportTest() : ExportTest(std::vector<std::string>()) {}
  explicit ExportTest(const std::vector<std::string>& arguments)
      : daemon_(arguments) {
    Connect();
  }

  void Connect() {
    const auto channel = daemon_.Connect();
    stub_ = v1::ExportService::NewStub(channel);
    files_ = v1::FileService::NewStub(channel);
  }

  // Checks the grammar of the stream on the way.
  Exported Export(const v1::ExportPacketsRequest& request) {
    grpc::ClientContext context;
    const auto reader = stub_->ExportPackets(&context, request);
    Exported exported;
    v1::ExportPacketsResponse response;
    int headers = 0;
    int ends = 0;
    while (reader->Read(&response)) {
      EXPECT_EQ(ends, 0) << "something came after the end";
      if (response.has_header()) {
        ++headers;
        exported.header = response.header();
      } else if (response.has_end()) {
        ++ends;
        exported.end = response.end();
      } else {
        EXPECT_EQ(headers, 1);
        EXPECT_LE(response.chunk().size(), kChunkBytes);
        exported.bytes += response.chunk();
      }
    }
    exported.status = reader->Finish();
    EXPECT_EQ(headers, exported.status.ok() ? 1 : 0);
    EXPECT_EQ(ends, headers);
    return exported;
  }

  grpc::Status ExportToFile(const v1::ExportPacketsToFileRequest& request,
                            v1::ExportPacketsToFileResponse* response) {
    grpc::ClientContext context;
    return stub_->ExportPacketsToFile(&context, request, response);
  }

  grpc::Status Delete(const std::string& name) {
    grpc::ClientContext context;
    v1::DeleteFileRequest request;
    request.set_name(name);
    v1::DeleteFileResponse response;
    return files_->DeleteFile(&context, request, &response);
  }

  std::string PathInStore(const std::string& path) const {
    return daemon_.store().path() + "/" + path;
  }

  // Counts all files of the store, including hidden ones.
  size_t CountFiles() const {
    size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             daemon_.store().path())) {
      if (entry.is_regular_file()) ++count;
    }
    return count;
  }

  DaemonProcess daemon_;
  std::unique_ptr<v1::ExportService::Stub> stub_;
  std::unique_ptr<v1::FileService::Stub> files_;
};

v1::ExportPacketsToFileRequest RequestToFile(const std::string& file) {
  v1::ExportPacketsToFileRequest request;
  *request.mutable_export_() = RequestToWrite(file, "pcap");
  request.set_name(kOut);
  return request;
}

TEST_F(ExportTest, StreamsAFileInPieces) {
  const std::string capture = Frames(1000, 1000);
  daemon_.store().Write("in.pcap", capture);
  const Exported exported = Export(RequestToWrite("in.pcap", "pcap"));
  ASSERT_TRUE(exported.status.ok()) << exported.status.error_message();
  EXPECT_EQ(exported.header.file_type(), "pcap");
  EXPECT_EQ(exported.header.extension(), "pcap");
  EXPECT_EQ(exported.header.encapsulation(), "ether");
  EXPECT_TRUE(exported.bytes == capture);
  EXPECT_GT(capture.size(), 2 * kChunkBytes);
  EXPECT_EQ(exported.end.frames_written(), 1000u);
  EXPECT_EQ(exported.end.frames_read(), 1000u);
  EXPECT_EQ(exported.end.size_bytes(), capture.size());
  EXPECT_EQ(Hex(exported.end.sha256()), Sha256Of(PathInStore("in.pcap")));
  EXPECT_FALSE(exported.end.has_read_error());
  EXPECT_EQ(CountFiles(), 1u);
}

TEST_F(ExportTest, WritesWhatPassesAFilterOfAnInlineCapture) {
  v1::ExportPacketsRequest request;
  request.set_inline_capture(TwoFrames());
  request.mutable_write()->set_file_type("pcap");
  request.mutable_selection()->set_display_filter("udp.srcport == 2000");
  for (const bool two_pass : {false, true}) {
    request.mutable_options()->set_two_pass(two_pass);
    const Exported exported = Export(request);
    ASSERT_TRUE(exported.status.ok()) << exported.status.error_message();
    EXPECT_EQ(exported.end.frames_written(), 1u);
    EXPECT_EQ(exported.end.frames_read(), 2u);
    EXPECT_THAT(exported.bytes, HasSubstr("two"));
    EXPECT_THAT(exported.bytes, ::testing::Not(HasSubstr("one")));
  }
}

TEST_F(ExportTest, WritesARange) {
  daemon_.store().Write("in.pcap", Frames(20));
  v1::ExportPacketsRequest request = RequestToWrite("in.pcap", "");
  v1::FrameRange* range = request.mutable_selection()->mutable_range();
  range->set_first_frame(6);
  range->set_limit(3);
  const Exported exported = Export(request);
  EXPECT_EQ(exported.header.file_type(), "pcapng");
  EXPECT_EQ(exported.end.frames_written(), 3u);
  EXPECT_EQ(exported.end.frames_read(), 8u);
}

TEST_F(ExportTest, KeepsTheGoodFramesOfACutFile) {
  daemon_.store().Write("cut.pcap", CaptureBuilder()
                                        .Add(UdpFrame(1, 2, "good"))
                                        .AddCutShort(UdpFrame(1, 2, "x"), 40)
                                        .bytes());
  const Exported exported = Export(RequestToWrite("cut.pcap", "pcap"));
  ASSERT_TRUE(exported.status.ok()) << exported.status.error_message();
  EXPECT_EQ(exported.end.frames_written(), 1u);
  EXPECT_EQ(exported.end.read_error().reason(), "FILE_CUT_SHORT");
}

TEST_F(ExportTest, TellsWhatCannotBeWritten) {
  daemon_.store().Write("in.pcap", TwoFrames());
  v1::ExportPacketsRequest request = RequestToWrite("in.pcap", "nosuch");
  ExpectError(Export(request).status, grpc::StatusCode::INVALID_ARGUMENT,
              "FILE_TYPE_UNKNOWN");
  request.mutable_write()->set_file_type("ascend");
  ExpectError(Export(request).status, grpc::StatusCode::FAILED_PRECONDITION,
              "FILE_TYPE_UNWRITABLE");
  request.mutable_write()->set_file_type("logcat");
  ExpectError(Export(request).status, grpc::StatusCode::FAILED_PRECONDITION,
              "ENCAPSULATION_UNWRITABLE");
  request.mutable_write()->set_file_type("erf");
  ExpectError(Export(request).status, grpc::StatusCode::FAILED_PRECONDITION,
              "RECORD_TYPE_UNWRITABLE");
  request.mutable_write()->set_file_type("lanalyzer");
  request.mutable_write()->set_compression(v1::COMPRESSION_GZIP);
  ExpectError(Export(request).status, grpc::StatusCode::FAILED_PRECONDITION,
              "COMPRESSION_UNSUPPORTED");
  request.mutable_write()->clear_compression();
  request.mutable_write()->add_section_comments("why");
  ExpectError(Export(request).status, grpc::StatusCode::INVALID_ARGUMENT,
              "COMMENTS_UNSUPPORTED");
  request.Clear();
  ExpectError(Export(request).status, grpc::StatusCode::INVALID_ARGUMENT,
              "SOURCE_MISSING");
}

TEST_F(ExportTest, UsesTheReaderThatIsNamed) {
  daemon_.store().Write("in.pcap", TwoFrames());
  v1::ExportPacketsRequest request = RequestToWrite("in.pcap", "pcap");
  request.set_read_format("Wireshark/tcpdump/... - pcap");
  const Exported exported = Export(request);
  ASSERT_TRUE(exported.status.ok()) << exported.status.error_message();
  EXPECT_TRUE(exported.bytes == TwoFrames());
  request.set_read_format("Wireshark/... - pcapng");
  ExpectError(Export(request).status, grpc::StatusCode::FAILED_PRECONDITION,
              "FILE_UNKNOWN_FORMAT");
  // The file as a whole is one record, of a type that pcap can't have.
  request.set_read_format("MIME Files Format");
  ExpectError(Export(request).status, grpc::StatusCode::FAILED_PRECONDITION,
              "ENCAPSULATION_UNWRITABLE");
  request.set_read_format("nosuch");
  ExpectError(Export(request).status, grpc::StatusCode::INVALID_ARGUMENT,
              "READ_FORMAT_UNKNOWN");
}

TEST_F(ExportTest, WritesIntoTheStore) {
  daemon_.store().Write("in.pcap", TwoFrames());
  v1::ExportPacketsToFileResponse response;
  const grpc::Status status = ExportToFile(RequestToFile("in.pcap"), &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.file().name(), kOut);
  EXPECT_EQ(response.file().size_bytes(), TwoFrames().size());
  EXPECT_TRUE(response.file().deletable());
  EXPECT_EQ(response.header().file_type(), "pcap");
  EXPECT_EQ(response.end().frames_written(), 2u);
  EXPECT_EQ(ReadBytes(PathInStore("exports/out.pcap")), TwoFrames());
  EXPECT_EQ(Hex(response.end().sha256()),
            Sha256Of(PathInStore("exports/out.pcap")));
  EXPECT_TRUE(Delete(kOut).ok());
  EXPECT_EQ(CountFiles(), 1u);
}

TEST_F(ExportTest, ReplacesAFileOnDemandOnly) {
  daemon_.store().Write("in.pcap", TwoFrames());
  daemon_.store().Write("exports/out.pcap", "what was there");
  v1::ExportPacketsToFileRequest request = RequestToFile("in.pcap");
  v1::ExportPacketsToFileResponse response;
  ExpectError(ExportToFile(request, &response),
              grpc::StatusCode::ALREADY_EXISTS, "FILE_EXISTS");
  EXPECT_EQ(ReadBytes(PathInStore("exports/out.pcap")), "what was there");
  // An export that fails leaves the existing file alone.
  request.set_overwrite(true);
  request.mutable_export_()->mutable_write()->set_file_type("erf");
  ExpectError(ExportToFile(request, &response),
              grpc::StatusCode::FAILED_PRECONDITION, "RECORD_TYPE_UNWRITABLE");
  EXPECT_EQ(ReadBytes(PathInStore("exports/out.pcap")), "what was there");
  request.mutable_export_()->mutable_write()->set_file_type("pcap");
  EXPECT_TRUE(ExportToFile(request, &response).ok());
  EXPECT_EQ(ReadBytes(PathInStore("exports/out.pcap")), TwoFrames());
  EXPECT_EQ(CountFiles(), 2u);
}

TEST_F(ExportTest, WritesNowhereElse) {
  daemon_.store().Write("in.pcap", TwoFrames());
  v1::ExportPacketsToFileRequest request = RequestToFile("in.pcap");
  request.set_overwrite(true);
  v1::ExportPacketsToFileResponse response;
  for (const char* name :
       {"", "out.pcap", "files/in.pcap", "files/exports", "files/exports/",
        "files/exports/../in.pcap", "files/exports/.hidden",
        "files/exports/folder/out.pcap", "files/uploads/out.pcap"}) {
    request.set_name(name);
    ExpectError(ExportToFile(request, &response),
                grpc::StatusCode::INVALID_ARGUMENT, "FILE_NAME_INVALID");
  }
  EXPECT_EQ(CountFiles(), 1u);
}

TEST_F(ExportTest, LeavesNothingOfACancelledCall) {
  daemon_.store().Write("many.pcap", Frames(kManyFrames));
  {
    grpc::ClientContext context;
    const auto reader =
        stub_->ExportPackets(&context, RequestToWrite("many.pcap", "pcap"));
    v1::ExportPacketsResponse response;
    ASSERT_TRUE(reader->Read(&response));
    context.TryCancel();
    EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::milliseconds(20));
  v1::ExportPacketsToFileRequest request = RequestToFile("many.pcap");
  // This export takes longer than the drain time-out.
  request.mutable_export_()->mutable_selection()->set_display_filter("udp");
  v1::ExportPacketsToFileResponse response;
  EXPECT_THAT(
      stub_->ExportPacketsToFile(&context, request, &response).error_code(),
      IsEndAtDeadline());
  daemon_.WaitForNoWorkers();
  EXPECT_EQ(CountFiles(), 1u);
}

TEST_F(ExportTest, ReportsAWorkerThatWasKilled) {
  daemon_.store().Write("many.pcap", Frames(kManyFrames));
  grpc::ClientContext context;
  const auto reader =
      stub_->ExportPackets(&context, RequestToWrite("many.pcap", "pcap"));
  v1::ExportPacketsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  const std::vector<pid_t> workers = daemon_.WorkerPids();
  ASSERT_EQ(workers.size(), 1u);
  kill(workers[0], SIGKILL);
  while (reader->Read(&response)) EXPECT_FALSE(response.has_end());
  ExpectError(reader->Finish(), grpc::StatusCode::INTERNAL, "WORKER_CRASHED");
  EXPECT_EQ(CountFiles(), 1u);
}

class SmallStoreExportTest : public ExportTest {
 protected:
  SmallStoreExportTest() : ExportTest({"--min-free-disk=0"}) {}

  void SetUp() override {
    static const bool kEntered = EnterPrivateMounts();
    if (!kEntered) GTEST_SKIP() << "the kernel forbids mount namespaces";
    store_ = std::make_unique<SmallStore>(&daemon_, 512 << 10);
    Connect();
  }

  void TearDown() override {
    if (store_ == nullptr) return;
    EXPECT_EQ(daemon_.Stop(), 0);
    store_.reset();
  }

  std::unique_ptr<SmallStore> store_;
};

TEST_F(SmallStoreExportTest, HasNoRoom) {
  daemon_.store().Write("in.pcap", Frames(500));
  store_->Fill();
  v1::ExportPacketsToFileResponse response;
  ExpectError(ExportToFile(RequestToFile("in.pcap"), &response),
              grpc::StatusCode::RESOURCE_EXHAUSTED, "STORE_FULL");
  EXPECT_EQ(CountFiles(), 2u);
  std::filesystem::remove(PathInStore("filler"));
  EXPECT_TRUE(ExportToFile(RequestToFile("in.pcap"), &response).ok());
  EXPECT_EQ(response.end().frames_written(), 500u);
}

TEST_F(SmallStoreExportTest, IsReadOnly) {
  daemon_.store().Write("in.pcap", TwoFrames());
  store_->MakeReadOnly();
  v1::ExportPacketsToFileResponse response;
  ExpectError(ExportToFile(RequestToFile("in.pcap"), &response),
              grpc::StatusCode::FAILED_PRECONDITION, "STORE_READ_ONLY");
  // A stream needs no room in the store.
  EXPECT_EQ(Export(RequestToWrite("in.pcap", "pcap")).bytes, TwoFrames());
}

TEST_F(SmallStoreExportTest, KeepsMemoryWithinLimits) {
  const std::string path = PathInStore("large.pcap.gz");
  FILE* gzip = popen(("gzip > '" + path + "'").c_str(), "w");
  const std::string frames = Frames(1100, 65'000);
  EXPECT_EQ(std::fwrite(frames.data(), 1, frames.size(), gzip), frames.size());
  EXPECT_EQ(pclose(gzip), 0);
  store_->MakeReadOnly();
  v1::ExportPacketsRequest request = RequestToWrite("large.pcap.gz", "pcap");
  ExpectError(Export(request).status, grpc::StatusCode::FAILED_PRECONDITION,
              "EXPORT_TOO_LARGE");
  request.mutable_selection()->mutable_range()->set_last_frame(1000);
  EXPECT_EQ(Export(request).bytes.size(), Frames(1000, 65'000).size());
}

class QuotaExportTest : public ExportTest {
 protected:
  QuotaExportTest() : ExportTest({"--upload-quota=1000"}) {}
};

TEST_F(QuotaExportTest, StreamsNoMoreThanTheQuota) {
  daemon_.store().Write("large.pcap", Frames(5));
  daemon_.store().Write("small.pcap", Frames(2));
  ExpectError(Export(RequestToWrite("large.pcap", "pcap")).status,
              grpc::StatusCode::FAILED_PRECONDITION, "EXPORT_TOO_LARGE");
  EXPECT_EQ(Export(RequestToWrite("small.pcap", "pcap")).bytes, Frames(2));
}

TEST_F(QuotaExportTest, CountsFilesAsUploads) {
  daemon_.store().Write("large.pcap", Frames(5));
  daemon_.store().Write("small.pcap", Frames(2));
  v1::ExportPacketsToFileResponse response;
  ExpectError(ExportToFile(RequestToFile("large.pcap"), &response),
              grpc::StatusCode::FAILED_PRECONDITION, "EXPORT_TOO_LARGE");
  v1::ExportPacketsToFileRequest request = RequestToFile("small.pcap");
  ASSERT_TRUE(ExportToFile(request, &response).ok());
  // There is no room for a second export until the first is deleted.
  request.set_name("files/exports/second.pcap");
  ExpectError(ExportToFile(request, &response),
              grpc::StatusCode::FAILED_PRECONDITION, "EXPORT_TOO_LARGE");
  ASSERT_TRUE(Delete(kOut).ok());
  EXPECT_TRUE(ExportToFile(request, &response).ok());
}

}  // namespace
}  // namespace dissectd
