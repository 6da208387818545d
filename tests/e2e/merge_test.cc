// SPDX-License-Identifier: GPL-2.0-or-later

// Merges files of the store, and compares with what mergecap writes.

#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "dissectd/v1/export.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/file_contents.h"
#include "tests/e2e/written_captures.h"

namespace dissectd {
namespace {

constexpr char kOut[] = "files/exports/out";

v1::MergeFilesRequest RequestFor(const std::vector<std::string>& files) {
  v1::MergeFilesRequest request;
  for (const std::string& file : files) request.add_files("files/" + file);
  request.set_name(kOut);
  return request;
}

class MergeTest : public ::testing::Test {
 protected:
  MergeTest() : MergeTest(std::vector<std::string>()) {}
  explicit MergeTest(const std::vector<std::string>& arguments)
      : daemon_(arguments),
        stub_(v1::ExportService::NewStub(daemon_.Connect())) {
    for (const char* const name :
         {"dns.pcap", "nanoseconds.pcap", "http1.pcap.gz", "cut-short.pcap",
          "wifi.pcap", "interfaces-comments.pcapng",
          "merged-encapsulations.pcapng"}) {
      daemon_.store().Write(name,
                            ContentsOf(std::string("tests/captures/") + name));
    }
    files_ = CountFilesBelow(daemon_.store().path());
  }

  grpc::Status Merge(const v1::MergeFilesRequest& request,
                     v1::MergeFilesResponse* response) {
    grpc::ClientContext context;
    return stub_->MergeFiles(&context, request, response);
  }
  std::string ReasonOf(const v1::MergeFilesRequest& request) {
    v1::MergeFilesResponse response;
    const std::string reason = FailureOf(Merge(request, &response)).reason();
    EXPECT_EQ(CountFilesBelow(daemon_.store().path()), files_)
        << "something is left";
    return reason;
  }

  // Returns what mergecap leaves, and its exit status.
  std::string Mergecap(const std::string& arguments, int* status) const {
    const TemporaryFolder folder;
    const std::string out = folder.path() + "/out";
    const std::string command = "cd '" + daemon_.store().path() +
                                "' && mergecap -w '" + out + "' " + arguments +
                                " 2>/dev/null";
    *status = WEXITSTATUS(std::system(command.c_str()));
    return ContentsOf(out);
  }

  // Expects the same file from both.
  void ExpectEqual(v1::MergeFilesRequest request,
                   const std::string& arguments) {
    request.set_overwrite(true);
    int exit_status = 0;
    const std::string expected = Mergecap(arguments, &exit_status);
    v1::MergeFilesResponse response;
    const grpc::Status status = Merge(request, &response);
    ASSERT_TRUE(status.ok()) << arguments << ": " << status.error_message();
    const std::string written =
        ContentsOf(daemon_.store().path() + "/exports/out");
    EXPECT_EQ(WithoutProgram(written), WithoutProgram(expected)) << arguments;
    EXPECT_EQ(response.end().has_read_error(), exit_status != 0) << arguments;
    EXPECT_EQ(response.end().size_bytes(), written.size());
    EXPECT_EQ(response.file().name(), kOut);
    EXPECT_EQ(response.end().frames_written(),
              CountPackets(daemon_.store().path() + "/exports/out"))
        << arguments;
  }

  DaemonProcess daemon_;
  const std::unique_ptr<v1::ExportService::Stub> stub_;
  size_t files_ = 0;
};

TEST_F(MergeTest, FilesAreThoseOfMergecap) {
  v1::MergeFilesRequest request = RequestFor({"dns.pcap", "nanoseconds.pcap"});
  ExpectEqual(request, "dns.pcap nanoseconds.pcap");
  request.set_append(true);
  ExpectEqual(request, "-a dns.pcap nanoseconds.pcap");
  request.set_file_type("nsecpcap");
  ExpectEqual(request, "-a -F nsecpcap dns.pcap nanoseconds.pcap");
  request = RequestFor({"dns.pcap", "dns.pcap", "http1.pcap.gz"});
  ExpectEqual(request, "dns.pcap dns.pcap http1.pcap.gz");
  request.set_file_type("pcap");
  ExpectEqual(request, "-F pcap dns.pcap dns.pcap http1.pcap.gz");
  request = RequestFor({"dns.pcap", "wifi.pcap"});
  ExpectEqual(request, "dns.pcap wifi.pcap");
}

TEST_F(MergeTest, CompressedFilesHaveTheSameContents) {
  v1::MergeFilesRequest request = RequestFor({"dns.pcap", "http1.pcap.gz"});
  v1::MergeFilesResponse response;
  ASSERT_TRUE(Merge(request, &response).ok());
  const std::string out = daemon_.store().path() + "/exports/out";
  const std::string plain = ContentsOf(out);
  request.set_compression(v1::COMPRESSION_GZIP);
  request.set_overwrite(true);
  ASSERT_TRUE(Merge(request, &response).ok());
  EXPECT_LT(response.end().size_bytes(), plain.size());
  EXPECT_EQ(std::system(("zcat < '" + out + "' > '" + out + ".plain'").c_str()),
            0);
  EXPECT_TRUE(ContentsOf(out + ".plain") == plain);
}

TEST_F(MergeTest, InterfacesAreThoseOfMergecap) {
  for (const std::string files :
       {"interfaces-comments.pcapng interfaces-comments.pcapng",
        "interfaces-comments.pcapng merged-encapsulations.pcapng"}) {
    const size_t blank = files.find(' ');
    v1::MergeFilesRequest request =
        RequestFor({files.substr(0, blank), files.substr(blank + 1)});
    ExpectEqual(request, files);
    request.set_interfaces(v1::INTERFACE_MERGE_ALL);
    ExpectEqual(request, "-I all " + files);
    request.set_interfaces(v1::INTERFACE_MERGE_NONE);
    ExpectEqual(request, "-I none " + files);
    request.set_interfaces(v1::INTERFACE_MERGE_ANY);
    ExpectEqual(request, "-I any " + files);
  }
}

TEST_F(MergeTest, DamagedFilesLeaveWhatMergecapLeaves) {
  daemon_.store().Write("blank", "\n");
  const v1::MergeFilesRequest cut = RequestFor({"dns.pcap", "cut-short.pcap"});
  ExpectEqual(cut, "dns.pcap cut-short.pcap");
  ExpectEqual(RequestFor({"cut-short.pcap", "dns.pcap"}),
              "cut-short.pcap dns.pcap");
  ExpectEqual(RequestFor({"dns.pcap", "blank"}), "dns.pcap blank");
  v1::MergeFilesRequest request = cut;
  request.set_overwrite(true);
  v1::MergeFilesResponse response;
  ASSERT_TRUE(Merge(request, &response).ok());
  EXPECT_EQ(response.end().read_error().reason(), "FILE_CUT_SHORT");
}

TEST_F(MergeTest, FilesThatCannotBeMergedLeaveNothing) {
  daemon_.store().Write("junk.bin", std::string(100, '\1'));
  ++files_;
  EXPECT_EQ(ReasonOf(RequestFor({"dns.pcap"})), "TOO_FEW_FILES");
  EXPECT_EQ(ReasonOf(RequestFor(std::vector<std::string>(65, "dns.pcap"))),
            "TOO_MANY_FILES");
  EXPECT_EQ(ReasonOf(RequestFor({"dns.pcap", "no.pcap"})), "FILE_NOT_FOUND");
  EXPECT_EQ(ReasonOf(RequestFor({"dns.pcap", "../x"})), "FILE_NAME_INVALID");
  EXPECT_EQ(ReasonOf(RequestFor({"dns.pcap", "junk.bin"})),
            "FILE_UNKNOWN_FORMAT");
  v1::MergeFilesRequest request = RequestFor({"dns.pcap", "wifi.pcap"});
  request.set_file_type("pcap");
  EXPECT_EQ(ReasonOf(request), "ENCAPSULATION_PER_PACKET_UNSUPPORTED");
  request.set_file_type("nosuch");
  EXPECT_EQ(ReasonOf(request), "FILE_TYPE_UNKNOWN");
  request.clear_file_type();
  request.set_name("files/other/out");
  EXPECT_EQ(ReasonOf(request), "FILE_NAME_INVALID");
}

TEST_F(MergeTest, ManyFilesAreMergedAtOnce) {
  ExpectEqual(RequestFor(std::vector<std::string>(64, "dns.pcap")), [] {
    std::string files;
    for (int i = 0; i < 64; ++i) files += " dns.pcap";
    return files;
  }());
}

TEST_F(MergeTest, AFileIsReplacedOnlyIfAsked) {
  v1::MergeFilesRequest request = RequestFor({"dns.pcap", "http1.pcap.gz"});
  v1::MergeFilesResponse response;
  ASSERT_TRUE(Merge(request, &response).ok());
  const grpc::Status again = Merge(request, &response);
  EXPECT_EQ(again.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(FailureOf(again).reason(), "FILE_EXISTS");
  request.set_overwrite(true);
  EXPECT_TRUE(Merge(request, &response).ok());
  EXPECT_EQ(CountFilesBelow(daemon_.store().path()), files_ + 1);
}

class QuotaMergeTest : public MergeTest {
 protected:
  QuotaMergeTest() : MergeTest({"--upload-quota=20000"}) {}
};

TEST_F(QuotaMergeTest, AFileLargerThanTheQuotaIsNotWritten) {
  const v1::MergeFilesRequest request =
      RequestFor({"wifi.pcap", "http1.pcap.gz", "http1.pcap.gz",
                  "http1.pcap.gz", "http1.pcap.gz"});
  EXPECT_EQ(ReasonOf(request), "EXPORT_TOO_LARGE");
  v1::MergeFilesResponse response;
  EXPECT_TRUE(Merge(RequestFor({"dns.pcap", "dns.pcap"}), &response).ok());
}

}  // namespace
}  // namespace dissectd
