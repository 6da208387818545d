// SPDX-License-Identifier: GPL-2.0-or-later

// Tests FileService.GetFile with a full view, FileService.ReadRecords, and the
// errors of wiretap that files can cause.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdint>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

// Returns the bytes of a capture of this project.
std::string Capture(const std::string& name) {
  std::ifstream file("tests/captures/" + name);
  std::stringstream content;
  content << file.rdbuf();
  EXPECT_FALSE(content.str().empty()) << name;
  return content.str();
}

// A compressed Sniffer file whose data is longer than a block may be.
std::string Overflowing() {
  using std::string_literals::operator""s;
  std::string bytes =
      "TRSNIFF data    \x1a\1\0\x12\0\0\0"s  // Of the file, and of its version.
      "\4\0\0\0\0\0\x21\x3a\4\1\2\1\2\1\0\0\0\0"s;
  std::string block;
  for (int i = 0; i < 2; ++i) {
    // The sixteen items that follow are runs of 4,114 bytes.
    block += "\xff\xff";
    for (int run = 0; run < 16; ++run) block += "\x1f\xff-";
  }
  bytes += static_cast<char>(block.size());
  bytes += '\0';
  return bytes + block;
}

struct Listing {
  std::vector<v1::FileRecord> records;
  // The error in the last message.
  v1::Failure read_error;
  grpc::Status status;
};

class FileSummaryTest : public ::testing::Test {
 protected:
  // Writes the file into the store, and returns its resource name.
  std::string Store(const std::string& name, const std::string& bytes) {
    daemon_.store().Write(name, bytes);
    return "files/" + name;
  }

  grpc::Status Get(const std::string& name, v1::FileView view, v1::File* file) {
    grpc::ClientContext context;
    v1::GetFileRequest request;
    request.set_name(name);
    request.set_view(view);
    v1::GetFileResponse response;
    const grpc::Status status = stub_->GetFile(&context, request, &response);
    *file = response.file();
    return status;
  }

  v1::FileSummary Summary(const std::string& name) {
    v1::File file;
    const grpc::Status status = Get(name, v1::FILE_VIEW_FULL, &file);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return file.summary();
  }

  Listing List(const v1::ReadRecordsRequest& request) {
    grpc::ClientContext context;
    const auto reader = stub_->ReadRecords(&context, request);
    Listing listing;
    v1::ReadRecordsResponse response;
    while (reader->Read(&response)) {
      EXPECT_EQ(listing.read_error.reason(), "") << "not the last message";
      listing.records.insert(listing.records.end(), response.records().begin(),
                             response.records().end());
      listing.read_error = response.read_error();
    }
    listing.status = reader->Finish();
    return listing;
  }

  Listing ListAll(const std::string& name) {
    v1::ReadRecordsRequest request;
    request.set_name(name);
    return List(request);
  }

  const DaemonProcess daemon_;
  const std::unique_ptr<v1::FileService::Stub> stub_ =
      v1::FileService::NewStub(daemon_.Connect());
};

TEST_F(FileSummaryTest, SaysWhatIsInACapture) {
  const std::string bytes = Capture("interfaces-comments.pcapng");
  const std::string name = Store("folder/two.pcapng", bytes);
  v1::File file;
  ASSERT_TRUE(Get(name, v1::FILE_VIEW_FULL, &file).ok());
  EXPECT_EQ(file.name(), name);
  EXPECT_EQ(file.size_bytes(), bytes.size());
  const v1::FileSummary& summary = file.summary();
  EXPECT_EQ(summary.file_type().name(), "pcapng");
  EXPECT_EQ(summary.compression(), v1::COMPRESSION_NONE);
  EXPECT_EQ(summary.encapsulation().name(), "ether");
  ASSERT_EQ(summary.encapsulation_counts_size(), 1);
  EXPECT_EQ(summary.encapsulation_counts(0).packet_count(), 18u);
  EXPECT_EQ(summary.time_precision().decimals(), 9u);
  EXPECT_FALSE(summary.has_snapshot_length());
  EXPECT_FALSE(summary.has_shortest_cut_packet());
  EXPECT_EQ(summary.packet_count(), 18u);
  EXPECT_EQ(summary.packet_bytes(), 1873u);
  EXPECT_TRUE(summary.times_known());
  EXPECT_EQ(summary.duration().nanos(), 211433693);
  EXPECT_EQ(summary.time_order(), v1::TIME_ORDER_NOT_IN_ORDER);
  EXPECT_EQ(summary.sha256().size(), 32u);
  EXPECT_EQ(summary.ripemd160().size(), 20u);
  EXPECT_EQ(summary.sha1().size(), 20u);
  ASSERT_EQ(summary.sections_size(), 1);
  EXPECT_TRUE(summary.sections(0).has_hardware());
  ASSERT_EQ(summary.sections(0).comments_size(), 1);
  EXPECT_EQ(summary.sections(0).comments(0),
            "Recorded by tests/captures/record");
  EXPECT_FALSE(summary.has_read_error());
}

TEST_F(FileSummaryTest, DescribesInterfaces) {
  const v1::FileSummary summary =
      Summary(Store("two.pcapng", Capture("interfaces-comments.pcapng")));
  ASSERT_EQ(summary.interfaces_size(), 2);
  const v1::FileInterface& near = summary.interfaces(0);
  EXPECT_EQ(near.name(), "near0");
  EXPECT_FALSE(near.has_description());
  EXPECT_FALSE(near.has_speed());
  EXPECT_EQ(near.time_resolution(), 9u);
  EXPECT_EQ(near.time_units_per_second(), 1000000000u);
  EXPECT_EQ(near.capture_filter_case(),
            v1::FileInterface::CAPTURE_FILTER_NOT_SET);
  EXPECT_EQ(near.packet_count(), 14u);
  EXPECT_EQ(summary.interfaces(1).description(), "Loopback");
  EXPECT_EQ(summary.interfaces(1).packet_count(), 4u);
}

TEST_F(FileSummaryTest, CountsWhatIsCutAndWhatIsSecret) {
  const v1::FileSummary snapped =
      Summary(Store("snapped.pcap", Capture("snapped.pcap")));
  EXPECT_EQ(snapped.snapshot_length(), 90u);
  EXPECT_EQ(snapped.shortest_cut_packet(), 90u);
  EXPECT_EQ(snapped.longest_cut_packet(), 90u);
  EXPECT_EQ(Summary(Store("x.pcapng", Capture("http2-tls-dsb.pcapng")))
                .decryption_secret_count(),
            1u);
  EXPECT_EQ(Summary(Store("x.pcap.gz", Capture("http1.pcap.gz"))).compression(),
            v1::COMPRESSION_GZIP);
}

TEST_F(FileSummaryTest, KnowsNoTimesWithoutPackets) {
  const v1::FileSummary summary =
      Summary(Store("empty.pcap", Capture("empty.pcap")));
  EXPECT_EQ(summary.packet_count(), 0u);
  EXPECT_TRUE(summary.times_known());
  EXPECT_FALSE(summary.has_first_time());
  EXPECT_FALSE(summary.has_last_time());
  EXPECT_FALSE(summary.has_duration());
}

TEST_F(FileSummaryTest, ReadsTheFileOnlyIfAsked) {
  const std::string name = Store("text", "This is no capture.\n");
  for (const v1::FileView view :
       {v1::FILE_VIEW_UNSPECIFIED, v1::FILE_VIEW_BASIC}) {
    v1::File file;
    ASSERT_TRUE(Get(name, view, &file).ok());
    EXPECT_EQ(file.size_bytes(), 20u);
    EXPECT_FALSE(file.has_summary());
  }
}

TEST_F(FileSummaryTest, RefusesNamesThatNoFileHas) {
  for (const v1::FileView view : {v1::FILE_VIEW_BASIC, v1::FILE_VIEW_FULL}) {
    v1::File file;
    EXPECT_EQ(FailureOf(Get("files/none", view, &file)).reason(),
              "FILE_NOT_FOUND");
    EXPECT_EQ(FailureOf(Get("none", view, &file)).reason(),
              "FILE_NAME_INVALID");
  }
  EXPECT_EQ(FailureOf(ListAll("files/none").status).reason(), "FILE_NOT_FOUND");
  EXPECT_EQ(FailureOf(ListAll("none").status).reason(), "FILE_NAME_INVALID");
}

TEST_F(FileSummaryTest, RefusesWhatIsNoFile) {
  const std::string pipe = daemon_.store().path() + "/pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  v1::File file;
  EXPECT_EQ(FailureOf(Get("files/pipe", v1::FILE_VIEW_FULL, &file)).reason(),
            "FILE_NOT_REGULAR");
  EXPECT_EQ(FailureOf(ListAll("files/pipe").status).reason(),
            "FILE_NOT_REGULAR");
}

TEST_F(FileSummaryTest, ListsRecords) {
  const Listing listing =
      ListAll(Store("two.pcapng", Capture("interfaces-comments.pcapng")));
  ASSERT_TRUE(listing.status.ok()) << listing.status.error_message();
  ASSERT_EQ(listing.records.size(), 18u);
  std::vector<uint32_t> of_interface(2);
  int comments = 0;
  for (size_t i = 0; i < listing.records.size(); ++i) {
    const v1::FileRecord& record = listing.records[i];
    EXPECT_EQ(record.number(), i + 1);
    EXPECT_EQ(record.type(), v1::RECORD_TYPE_PACKET);
    EXPECT_TRUE(record.has_time());
    EXPECT_EQ(record.time_precision().decimals(), 9u);
    EXPECT_EQ(record.captured_length(), record.length());
    EXPECT_EQ(record.encapsulation_number(), 1);
    ASSERT_TRUE(record.has_interface_index());
    ++of_interface.at(record.interface_index());
    comments += record.comments_size();
    EXPECT_FALSE(record.has_queue());
    EXPECT_FALSE(record.has_enterprise_number());
  }
  EXPECT_EQ(of_interface, (std::vector<uint32_t>{14, 4}));
  EXPECT_GT(comments, 0);
  EXPECT_EQ(listing.read_error.reason(), "");
}

TEST_F(FileSummaryTest, ListsARangeOfRecords) {
  v1::ReadRecordsRequest request;
  request.set_name(Store("dns.pcap", Capture("dns.pcap")));
  request.mutable_range()->set_first_frame(3);
  request.mutable_range()->set_last_frame(20);
  request.mutable_range()->set_limit(5);
  Listing listing = List(request);
  ASSERT_EQ(listing.records.size(), 5u);
  EXPECT_EQ(listing.records.front().number(), 3u);
  // pcap has none of these.
  EXPECT_FALSE(listing.records.front().has_interface_index());
  EXPECT_FALSE(listing.records.front().has_packet_flags());
  request.mutable_range()->clear_limit();
  listing = List(request);
  EXPECT_EQ(listing.records.size(), 18u);
  EXPECT_EQ(listing.records.back().number(), 20u);
}

// Tests the errors of wiretap that a file can cause when it is opened.
TEST_F(FileSummaryTest, SaysWhyAFileCanNotBeOpened) {
  const std::string pcap = Capture("dns.pcap");
  std::string new_version = Capture("interfaces-comments.pcapng");
  new_version[12] = 9;
  const struct {
    std::string name;
    std::string bytes;
    const char* reason;
  } kCases[] = {
      {"text.pcap", "This is no capture.\n", "FILE_UNKNOWN_FORMAT"},
      {"cut.pcap", pcap.substr(0, 20), "FILE_CUT_SHORT"},
      {"version.pcapng", new_version, "FILE_UNSUPPORTED"},
      {"link.pcap", CaptureBuilder(999).bytes(), "ENCAPSULATION_UNSUPPORTED"},
  };
  for (const auto& test : kCases) {
    v1::File file;
    const std::string name = Store(test.name, test.bytes);
    const grpc::Status status = Get(name, v1::FILE_VIEW_FULL, &file);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
    EXPECT_EQ(FailureOf(status).reason(), test.reason) << test.name;
    EXPECT_EQ(FailureOf(ListAll(name).status).reason(), test.reason);
  }
}

// Tests the errors of wiretap that a file can cause while it is read.
TEST_F(FileSummaryTest, SaysWhyReadingEndsEarly) {
  std::string damaged = Capture("dns.pcap");
  // Damages the length of the first packet.
  damaged[24 + 8 + 3] = '\x7f';
  std::string packed = Capture("http1.pcap.gz");
  // Damages the checksum at the end.
  packed[packed.size() - 8] ^= 1;
  const struct {
    std::string name;
    std::string bytes;
    const char* reason;
  } kCases[] = {
      {"cut.pcap", Capture("cut-short.pcap"), "FILE_CUT_SHORT"},
      {"damaged.pcap", damaged, "FILE_DAMAGED"},
      {"damaged.pcap.gz", packed, "DECOMPRESSION_FAILED"},
      {"overflowing.enc", Overflowing(), "DECOMPRESSION_OVERFLOW"},
  };
  for (const auto& test : kCases) {
    const std::string name = Store(test.name, test.bytes);
    const v1::FileSummary summary = Summary(name);
    EXPECT_EQ(summary.read_error().reason(), test.reason) << test.name;
    EXPECT_NE(summary.read_error().message(), "");
    const Listing listing = ListAll(name);
    EXPECT_TRUE(listing.status.ok());
    EXPECT_EQ(listing.read_error.reason(), test.reason) << test.name;
    EXPECT_EQ(listing.records.size(), summary.packet_count());
  }
}

}  // namespace
}  // namespace dissectd
