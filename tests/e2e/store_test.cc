// SPDX-License-Identifier: GPL-2.0-or-later

// Tests that one caller can't use up the store, and what happens to files when
// the daemon is killed or the folder of the store goes away.

#include <arpa/inet.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/export.grpc.pb.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "tests/e2e/capture_faults.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/raw_call.h"

namespace dissectd {
namespace {

using grpc::StatusCode;
namespace fs = std::filesystem;

// Returns an address on which nothing listens.
std::string FreeLoopbackAddress() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(bind(listener, raw, size), 0);
  EXPECT_EQ(getsockname(listener, raw, &size), 0);
  close(listener);
  return "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

// A caller of FileService.
class Caller {
 public:
  explicit Caller(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(v1::FileService::NewStub(channel)) {}

  grpc::Status Create(v1::Upload* upload) const {
    grpc::ClientContext context;
    v1::CreateUploadRequest request;
    request.set_file_name("a.pcap");
    v1::CreateUploadResponse response;
    const grpc::Status status =
        stub_->CreateUpload(&context, request, &response);
    *upload = response.upload();
    return status;
  }

  grpc::Status Append(const std::string& bytes, bool finish,
                      v1::Upload* upload) const {
    grpc::ClientContext context;
    v1::AppendUploadRequest request;
    request.set_name(upload->name());
    request.set_offset(upload->committed_bytes());
    request.set_data(bytes);
    request.set_finish(finish);
    v1::AppendUploadResponse response;
    const grpc::Status status =
        stub_->AppendUpload(&context, request, &response);
    if (status.ok()) *upload = response.upload();
    return status;
  }

  grpc::Status Upload(const std::string& bytes, v1::Upload* upload) const {
    const grpc::Status created = Create(upload);
    return created.ok() ? Append(bytes, true, upload) : created;
  }

  grpc::Status GetUpload(const std::string& name, v1::Upload* upload) const {
    grpc::ClientContext context;
    v1::GetUploadRequest request;
    request.set_name(name);
    v1::GetUploadResponse response;
    const grpc::Status status = stub_->GetUpload(&context, request, &response);
    *upload = response.upload();
    return status;
  }

  grpc::Status GetFile(const std::string& name) const {
    grpc::ClientContext context;
    v1::GetFileRequest request;
    request.set_name(name);
    v1::GetFileResponse response;
    return stub_->GetFile(&context, request, &response);
  }

  grpc::Status Delete(const std::string& file) const {
    grpc::ClientContext context;
    v1::DeleteFileRequest request;
    request.set_name(file);
    v1::DeleteFileResponse response;
    return stub_->DeleteFile(&context, request, &response);
  }

  grpc::Status List(const v1::ListFilesRequest& request,
                    v1::ListFilesResponse* response) const {
    grpc::ClientContext context;
    return stub_->ListFiles(&context, request, response);
  }

 private:
  const std::unique_ptr<v1::FileService::Stub> stub_;
};

// A daemon that two callers reach under different addresses.
class StoreTest : public ::testing::Test {
 protected:
  explicit StoreTest(const std::vector<std::string>& arguments = {})
      : tcp_(FreeLoopbackAddress()), daemon_(WithListen(tcp_, arguments)) {}

  Caller Local() const { return Caller(daemon_.Connect()); }
  Caller Remote() const {
    return Caller(
        grpc::CreateChannel(tcp_, grpc::InsecureChannelCredentials()));
  }

  const std::string tcp_;
  DaemonProcess daemon_;

 private:
  static std::vector<std::string> WithListen(
      const std::string& address, std::vector<std::string> arguments) {
    arguments.push_back("--listen=" + address);
    return arguments;
  }
};

class ShareTest : public StoreTest {
 protected:
  ShareTest()
      : StoreTest(
            {"--upload-quota=3000", "--upload-quota-per-principal=1000"}) {}
};

TEST_F(ShareTest, ACallerThatHasUsedItsShareLeavesThoseOfOthers) {
  const Caller greedy = Local();
  v1::Upload upload;
  ASSERT_TRUE(greedy.Upload(std::string(900, 'x'), &upload).ok());
  ExpectError(greedy.Upload(std::string(200, 'x'), &upload),
              StatusCode::RESOURCE_EXHAUSTED,
              "UPLOAD_QUOTA_OF_CALLER_EXCEEDED");
  v1::Upload other;
  EXPECT_TRUE(Remote().Upload(std::string(1000, 'y'), &other).ok());
  // The daemon knows after a restart whose files they are.
  daemon_.Restart();
  ExpectError(Local().Append(std::string(200, 'x'), true, &upload),
              StatusCode::RESOURCE_EXHAUSTED,
              "UPLOAD_QUOTA_OF_CALLER_EXCEEDED");
  ExpectError(Remote().Create(&other), StatusCode::RESOURCE_EXHAUSTED,
              "UPLOAD_QUOTA_OF_CALLER_EXCEEDED");
}

TEST_F(StoreTest, UnfinishedUploadsOfACallerAreLimited) {
  constexpr int kLimit = 1000;
  const Caller greedy = Local();
  v1::Upload upload;
  for (int i = 0; i < kLimit; ++i) ASSERT_TRUE(greedy.Create(&upload).ok());
  ExpectError(greedy.Create(&upload), StatusCode::RESOURCE_EXHAUSTED,
              "TOO_MANY_UPLOADS_OF_CALLER");
  EXPECT_TRUE(Remote().Create(&upload).ok());
}

class FewFilesTest : public StoreTest {
 protected:
  FewFilesTest()
      : StoreTest(
            {"--max-stored-files=5", "--max-stored-files-per-principal=3"}) {
    daemon_.store().Write("in.pcap", CaptureBuilder().bytes());
  }

  grpc::Status Export(const std::string& name, bool overwrite) const {
    v1::ExportPacketsToFileRequest request;
    request.mutable_export_()->set_file("files/in.pcap");
    request.set_name("files/exports/" + name);
    request.set_overwrite(overwrite);
    grpc::ClientContext context;
    v1::ExportPacketsToFileResponse response;
    return v1::ExportService::NewStub(daemon_.Connect())
        ->ExportPacketsToFile(&context, request, &response);
  }
};

TEST_F(FewFilesTest, SmallFilesAreLimitedByTheirNumber) {
  const auto expect_used_up = [](const grpc::Status& status,
                                 const std::string& whose = "_OF_CALLER") {
    ExpectError(status, StatusCode::RESOURCE_EXHAUSTED,
                "TOO_MANY_STORED_FILES" + whose);
  };
  v1::Upload upload;
  ASSERT_TRUE(Local().Upload("", &upload).ok());
  ASSERT_TRUE(Local().Upload("x", &upload).ok());
  grpc::Status status = Export("a.pcap", false);
  ASSERT_TRUE(status.ok()) << status.error_message();
  for (const bool restarted : {false, true}) {
    if (restarted) daemon_.Restart();
    v1::Upload refused;
    expect_used_up(Local().Create(&refused));
    expect_used_up(Export("b.pcap", false));
    // Takes the place of another, again and again.
    for (int i = 0; i < 2; ++i) {
      status = Export("a.pcap", true);
      EXPECT_TRUE(status.ok()) << status.error_message();
    }
  }
  v1::Upload other;
  ASSERT_TRUE(Remote().Create(&other).ok());
  ASSERT_TRUE(Remote().Upload("y", &other).ok());
  expect_used_up(Remote().Create(&other), "");
  ASSERT_TRUE(Local().Delete(upload.file()).ok());
  status = Export("b.pcap", false);
  EXPECT_TRUE(status.ok()) << status.error_message();
  expect_used_up(Local().Create(&upload), "");
}

TEST_F(StoreTest, AListOfManyFilesInSmallPagesTakesNotLong) {
  constexpr int kFiles = 50'000;
  constexpr int kPage = 100;
  fs::create_directory(daemon_.store().path() + "/many");
  for (int i = 0; i < kFiles; ++i) {
    std::ofstream(daemon_.store().path() + "/many/" +
                  std::to_string(100'000 + i) + ".pcap");
  }
  const Caller caller = Local();
  v1::ListFilesRequest request;
  request.set_page_size(kPage);
  const auto begin = std::chrono::steady_clock::now();
  int next = 100'000;
  do {
    v1::ListFilesResponse page;
    ASSERT_TRUE(caller.List(request, &page).ok());
    for (const v1::File& file : page.files()) {
      ASSERT_EQ(file.name(), "files/many/" + std::to_string(next) + ".pcap");
      ++next;
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(next, 100'000 + kFiles);
  const std::chrono::duration<double> taken =
      std::chrono::steady_clock::now() - begin;
  std::cout << kFiles << " files in pages of " << kPage << ": " << taken.count()
            << " s\n";
  EXPECT_LT(taken, std::chrono::seconds(20));
}

class UnreadExportTest : public StoreTest {
 protected:
  static constexpr uint64_t kQuota = 100'000'000;

  UnreadExportTest()
      : StoreTest({"--upload-quota=100000000", "--max-workers=64"}) {}

  // Returns the bytes of files without names that the processes of the daemon
  // have open.
  uint64_t NamelessBytes() const {
    std::map<ino_t, uint64_t> sizes;
    std::vector<pid_t> pids = daemon_.WorkerPids();
    pids.push_back(daemon_.pid());
    const std::string store = daemon_.store().path() + "/";
    for (const pid_t pid : pids) {
      std::error_code error;
      for (const auto& entry : fs::directory_iterator(
               "/proc/" + std::to_string(pid) + "/fd", error)) {
        const std::string target = fs::read_symlink(entry, error).string();
        struct stat status;
        if (target.rfind(store, 0) == 0 &&
            stat(entry.path().c_str(), &status) == 0 && status.st_nlink == 0) {
          sizes[status.st_ino] = static_cast<uint64_t>(status.st_size);
        }
      }
    }
    uint64_t sum = 0;
    for (const auto& [inode, size] : sizes) sum += size;
    return sum;
  }
};

TEST_F(UnreadExportTest, TogetherTakeNoMoreThanTheQuota) {
  constexpr int kCalls = 30;
  // More than all buffers between a worker and its client hold, so that the
  // file stays until the client reads.
  constexpr int kFrames = 20'000;
  constexpr int kMostFiles = 4;
  CaptureBuilder capture;
  const std::string frame = UdpFrame(1000, 2000, std::string(1000, 'x'));
  for (int i = 0; i < kFrames; ++i) capture.Add(frame);
  daemon_.store().Write("in.pcap", capture.bytes());
  const auto stub = v1::ExportService::NewStub(daemon_.Connect());
  v1::ExportPacketsRequest request;
  request.set_file("files/in.pcap");
  request.mutable_write()->set_file_type("pcap");
  struct Call {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<v1::ExportPacketsResponse>> reader;
  };
  std::vector<std::unique_ptr<Call>> unread;
  int refused = 0;
  for (int i = 0; i < kCalls; ++i) {
    auto call = std::make_unique<Call>();
    call->reader = stub->ExportPackets(&call->context, request);
    v1::ExportPacketsResponse header;
    // Has the file written, but reads no further.
    if (call->reader->Read(&header)) {
      unread.push_back(std::move(call));
      ASSERT_LE(NamelessBytes(), kQuota);
      continue;
    }
    ++refused;
    const std::string reason = FailureOf(call->reader->Finish()).reason();
    EXPECT_TRUE(reason == "UPLOAD_QUOTA_EXCEEDED" ||
                reason == "EXPORT_TOO_LARGE")
        << reason;
  }
  EXPECT_GE(unread.size(), 2u);
  EXPECT_GE(refused, kCalls - kMostFiles);
  // Nothing of them is left when their clients go.
  for (const auto& call : unread) {
    call->context.TryCancel();
    EXPECT_EQ(call->reader->Finish().error_code(), StatusCode::CANCELLED);
  }
  unread.clear();
  daemon_.WaitForNoWorkers();
  WaitFor("the end of the files", [&] { return NamelessBytes() == 0; });
  v1::Upload upload;
  EXPECT_TRUE(Local().Upload(std::string(1'000'000, 'x'), &upload).ok());
}

// Whatever the daemon has said is stored is there after it was killed, and
// nothing else is.
TEST_F(StoreTest, AKilledDaemonLeavesWholeFilesAndUploadsThatGoOn) {
  v1::Upload begun;
  v1::Upload whole;
  {
    const Caller caller = Local();
    ASSERT_TRUE(caller.Create(&begun).ok());
    ASSERT_TRUE(caller.Append("abc", false, &begun).ok());
    ASSERT_TRUE(caller.Upload("whole", &whole).ok());
  }
  // As an export that was about to replace another.
  const std::string passing =
      "exports/." + begun.name().substr(sizeof("uploads/") - 1);
  daemon_.store().Write(passing, "x");
  kill(daemon_.pid(), SIGKILL);
  daemon_.Wait();
  daemon_.Start();
  EXPECT_FALSE(fs::exists(daemon_.store().path() + "/" + passing));
  const Caller caller = Local();
  EXPECT_TRUE(caller.GetFile(whole.file()).ok());
  v1::Upload found;
  ASSERT_TRUE(caller.GetUpload(begun.name(), &found).ok());
  EXPECT_EQ(found.committed_bytes(), 3u);
  ASSERT_TRUE(caller.Append("def", true, &found).ok());
  EXPECT_EQ(found.committed_bytes(), 6u);
}

class GoneStoreTest : public StoreTest {
 protected:
  bool IsHealthy(const std::string& service) const {
    // A serialised grpc.health.v1.HealthCheckRequest.
    std::string request;
    if (!service.empty()) {
      request = std::string("\x0a") + static_cast<char>(service.size());
      request += service;
    }
    std::string response;
    EXPECT_TRUE(RawCall(daemon_.Connect(), "/grpc.health.v1.Health/Check",
                        request, &response)
                    .ok());
    return response == "\x08\x01";
  }
};

TEST_F(GoneStoreTest, AStoreThatIsMadeAgainIsServed) {
  const Caller caller = Local();
  v1::Upload upload;
  ASSERT_TRUE(caller.Upload("old", &upload).ok());
  const std::string& store = daemon_.store().path();
  fs::remove_all(store);
  ExpectError(caller.GetFile(upload.file()), StatusCode::UNAVAILABLE,
              "STORE_UNAVAILABLE");
  v1::Upload refused;
  ExpectError(caller.Create(&refused), StatusCode::UNAVAILABLE,
              "STORE_UNAVAILABLE");
  const std::string service = "dissectd.v1.FileService";
  WaitFor("bad health", [&] { return !IsHealthy(service); });
  EXPECT_TRUE(IsHealthy(""));
  daemon_.store().Write("new.pcap", "x");
  WaitFor("the new store",
          [&] { return caller.GetFile("files/new.pcap").ok(); });
  WaitFor("good health", [&] { return IsHealthy(service); });
  ExpectError(caller.GetFile(upload.file()), StatusCode::NOT_FOUND,
              "FILE_NOT_FOUND");
  EXPECT_TRUE(caller.Upload("new", &upload).ok());
  EXPECT_TRUE(caller.GetFile(upload.file()).ok());
}

}  // namespace
}  // namespace dissectd
