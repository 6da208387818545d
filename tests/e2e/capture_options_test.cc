// SPDX-License-Identifier: GPL-2.0-or-later

// Tests how the options of a capture affect its files and its end.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/command.h"

namespace dissectd {
namespace {

class CaptureOptionsTest : public CaptureFixture {
 protected:
  using CaptureFixture::CaptureFixture;

  // Sends packets to a capture that ends with the last packet.
  v1::Capture Capture(v1::CaptureOptions options, const UdpTraffic& traffic) {
    options.mutable_stop()->set_packets(traffic.count);
    const v1::Capture capture = client().Create(options);
    SendUdp(traffic);
    return client().WaitForEnd(capture.name());
  }

  mode_t ModeOf(const v1::CaptureFile& file) {
    struct stat status = {};
    EXPECT_EQ(stat(PathOf(file).c_str(), &status), 0);
    return status.st_mode & 0777;
  }

  void ExpectCondition(const v1::Capture& capture) {
    EXPECT_EQ(capture.stopped().reason(), v1::STOP_REASON_CONDITION)
        << capture.stopped().DebugString();
    EXPECT_EQ(capture.state(), v1::CAPTURE_STATE_STOPPED);
  }
};

TEST_F(CaptureOptionsTest, OnlyWhatPassesTheFilterIsKept) {
  v1::CaptureOptions options = CaptureOf("lo");
  options.mutable_interfaces(0)->set_capture_filter(
      "udp port 9999 and greater 100");
  options.mutable_stop()->set_packets(2);
  const v1::Capture capture = client().Create(options);
  SendUdp({.count = 5, .first = 100, .payload_size = 10});
  SendUdp({.port = 9998, .count = 5, .first = 200, .payload_size = 100});
  SendUdp({.count = 2, .payload_size = 100});
  const v1::Capture ended = client().WaitForEnd(capture.name());
  EXPECT_EQ(NumbersOf(PacketsOf(ended)), Range(1, 2));
}

TEST_F(CaptureOptionsTest, PacketsAreCutToTheSnapLength) {
  v1::CaptureOptions options = CaptureOf("lo");
  options.mutable_interfaces(0)->set_snapshot_length(60);
  const std::vector<StoredPacket> packets =
      PacketsOf(Capture(options, {.count = 3, .payload_size = 200}));
  ASSERT_EQ(packets.size(), 3u);
  for (const StoredPacket& packet : packets) {
    EXPECT_EQ(packet.bytes.size(), 60u);
    EXPECT_EQ(packet.original_length, 242u);
  }
}

TEST_F(CaptureOptionsTest, FilesHaveTheFormatAndTheNameThatWereAskedFor) {
  v1::CaptureOptions options = CaptureOf("lo");
  const v1::Capture pcapng = Capture(options, {.count = 2});
  options.set_format(v1::CAPTURE_FORMAT_PCAP);
  const v1::Capture pcap = Capture(options, {.count = 2});
  options.set_file_name("my packets.cap");
  const v1::Capture named = Capture(options, {.count = 2});
  EXPECT_EQ(pcapng.current_file().file(),
            "files/" + pcapng.name() + "/capture.pcapng");
  EXPECT_EQ(pcap.current_file().file(),
            "files/" + pcap.name() + "/capture.pcap");
  EXPECT_EQ(named.current_file().file(),
            "files/" + named.name() + "/my packets.cap");
  for (const auto& [capture, type] :
       {std::pair(pcapng, "pcapng"), std::pair(pcap, "pcap"),
        std::pair(named, "pcap")}) {
    EXPECT_EQ(NumbersOf(PacketsOf(capture)), Range(1, 2));
    LiveDissection dissection(channel(),
                              LiveDissection::RequestFor(capture.name()));
    EXPECT_TRUE(dissection.Finish().ok());
    EXPECT_EQ(dissection.Messages()[0].header().file().file_type(), type);
  }
}

TEST_F(CaptureOptionsTest, TheCommentIsInTheFile) {
  v1::CaptureOptions options = CaptureOf("lo");
  options.set_comment("-w taken on a Tuesday, \"in\" München");
  const v1::Capture capture = Capture(options, {.count = 1});
  const std::string output =
      OutputOf("capinfos -k '" + PathOf(capture.current_file()) + "'");
  EXPECT_NE(output.find(options.comment()), std::string::npos) << output;
}

class OperatorsCommentTest : public CaptureOptionsTest {
 protected:
  OperatorsCommentTest()
      : CaptureOptionsTest({"--capture-comment=node \"n1\", pod -w p",
                            "--capture-comment=k\u00fchl"}) {}

  std::string CommentsOf(const v1::CaptureFile& file) {
    return OutputOf("capinfos -k '" + PathOf(file) +
                    "' | sed -n 's/^Capture comment: *//p'");
  }
};

TEST_F(OperatorsCommentTest, TheyFollowTheClientsOwn) {
  v1::CaptureOptions options = CaptureOf("lo");
  const std::string common = "node \"n1\", pod -w p\nk\u00fchl\n";
  const v1::Capture plain = Capture(options, {.count = 1});
  EXPECT_EQ(CommentsOf(plain.current_file()), common);
  options.set_comment("mine");
  const v1::Capture commented = Capture(options, {.count = 1});
  EXPECT_EQ(CommentsOf(commented.current_file()), "mine\n" + common);
  EXPECT_EQ(commented.options().comment(), "mine");
}

TEST_F(OperatorsCommentTest, FilesThatCanHaveNoneAreCapturedWithout) {
  v1::CaptureOptions options = CaptureOf("lo");
  options.set_format(v1::CAPTURE_FORMAT_PCAP);
  const v1::Capture pcap = Capture(options, {.count = 2});
  EXPECT_EQ(NumbersOf(PacketsOf(pcap)), Range(1, 2));
  options = CaptureOf("lo");
  options.mutable_ring()->set_packets(10);
  const v1::Capture ring = Capture(options, {.count = 15});
  EXPECT_EQ(NumbersOf(PacketsOf(ring)), Range(1, 15));
}

TEST_F(CaptureOptionsTest, TheGroupMayReadFilesIfAskedFor) {
  v1::CaptureOptions options = CaptureOf("lo");
  EXPECT_EQ(ModeOf(Capture(options, {}).current_file()), 0600u);
  options.set_group_access(true);
  EXPECT_EQ(ModeOf(Capture(options, {}).current_file()), 0640u);
}

TEST_F(CaptureOptionsTest, SeveralInterfacesAreCapturedInOneFile) {
  VethPair veth("v0", "v1");
  veth.SetUp(true);
  v1::CaptureOptions options = CaptureOf("lo");
  *options.add_interfaces() = CaptureOf("v1").interfaces(0);
  options.mutable_stop()->set_packets(30);
  const v1::Capture capture = client().Create(options);
  SendUdp({.count = 10});
  SendUdp({.address = VethPair::kAddress, .count = 20, .first = 100});
  const v1::Capture ended = client().WaitForEnd(capture.name());
  EXPECT_EQ(ended.drops_size(), 2);
  std::vector<StoredPacket> of_interface[2];
  for (const StoredPacket& packet : PacketsOf(ended)) {
    ASSERT_LT(packet.interface, 2u);
    of_interface[packet.interface].push_back(packet);
  }
  EXPECT_EQ(NumbersOf(of_interface[0]), Range(1, 10));
  EXPECT_EQ(NumbersOf(of_interface[1]), Range(100, 20));
}

TEST_F(CaptureOptionsTest, ARingKeepsItsLatestFiles) {
  v1::CaptureOptions options = CaptureOf("lo");
  options.mutable_ring()->set_packets(10);
  options.mutable_ring()->set_files(2);
  options.set_file_name("ring.pcapng");
  const v1::Capture ended = Capture(options, {.count = 45});
  ExpectCondition(ended);
  EXPECT_EQ(ended.packets_written(), 45u);
  EXPECT_EQ(ended.files_deleted(), 3u);
  EXPECT_EQ(ended.file_count(), 2u);
  const std::vector<v1::CaptureFile> kept = client().Files(ended.name());
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept[0].first_packet(), 31u);
  EXPECT_EQ(kept[1].first_packet(), 41u);
  EXPECT_EQ(kept[1].DebugString(), ended.current_file().DebugString());
  EXPECT_EQ(NumbersOf(PacketsOf(ended)), Range(31, 15));
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(
           daemon().store().path() + "/" + ended.name())) {
    const std::string name = entry.path().filename();
    if (name[0] == '.') continue;
    EXPECT_EQ(name.rfind("ring_0000", 0), 0u) << name;
    ++files;
  }
  EXPECT_EQ(files, 2u);
}

TEST_F(CaptureOptionsTest, ARingBeginsFilesByTheirSize) {
  v1::CaptureOptions options = CaptureOf("lo");
  options.mutable_ring()->set_file_size_kb(20);
  const v1::Capture ended =
      Capture(options, {.count = 100, .payload_size = 1000});
  EXPECT_GE(ended.file_count(), 5u);
  EXPECT_EQ(ended.files_deleted(), 0u);
  EXPECT_EQ(NumbersOf(PacketsOf(ended)), Range(1, 100));
}

TEST_F(CaptureOptionsTest, ARingBeginsFilesByTime) {
  v1::CaptureOptions options = CaptureOf("lo");
  options.mutable_ring()->mutable_duration()->set_seconds(1);
  const v1::Capture capture = client().Create(options);
  // A new file starts only with a packet.
  uint32_t sent = 0;
  WaitFor("a second file", [&] {
    SendUdp({.first = ++sent, .gap = std::chrono::milliseconds(50)});
    return client().Get(capture.name()).file_count() >= 2;
  });
  client().WaitForPackets(capture.name(), sent);
  EXPECT_EQ(NumbersOf(PacketsOf(client().Stop(capture.name()))),
            Range(1, sent));
}

TEST_F(CaptureOptionsTest, EndsAfterATime) {
  v1::CaptureOptions options = CaptureOf("lo");
  options.mutable_stop()->mutable_duration()->set_nanos(700'000'000);
  const auto begin = std::chrono::steady_clock::now();
  const v1::Capture capture = client().Create(options);
  ExpectCondition(client().WaitForEnd(capture.name()));
  const auto time = std::chrono::steady_clock::now() - begin;
  EXPECT_GE(time, std::chrono::milliseconds(700));
  EXPECT_LT(time, std::chrono::seconds(5));
}

// dumpcap ignores its time limit while its interface is down.
TEST_F(CaptureOptionsTest, EndsAfterATimeIfTheInterfaceIsDown) {
  VethPair veth("v0", "v1");
  veth.SetUp(true);
  v1::CaptureOptions options = CaptureOf("v1");
  options.mutable_stop()->mutable_duration()->set_seconds(2);
  const v1::Capture capture = client().Create(options);
  veth.SetUp(false);
  ExpectCondition(client().WaitForEnd(capture.name()));
  bool told = false;
  for (const v1::CaptureEvent& event : client().Watch(capture.name())) {
    told |= event.message().primary() == "The interface \"v1\" went down.";
  }
  EXPECT_TRUE(told);
}

TEST_F(CaptureOptionsTest, EndsAfterASize) {
  v1::CaptureOptions options = CaptureOf("lo");
  options.mutable_stop()->set_file_size_kb(20);
  const v1::Capture capture = client().Create(options);
  SendUdp({.count = 100, .payload_size = 1000});
  const v1::Capture ended = client().WaitForEnd(capture.name());
  ExpectCondition(ended);
  EXPECT_GE(std::filesystem::file_size(PathOf(ended.current_file())), 20'000u);
  EXPECT_LT(ended.packets_written(), 25u);
  const std::vector<uint32_t> numbers = NumbersOf(PacketsOf(ended));
  EXPECT_EQ(numbers, Range(1, static_cast<uint32_t>(numbers.size())));
}

TEST_F(CaptureOptionsTest, EndsAfterANumberOfFiles) {
  v1::CaptureOptions options = CaptureOf("lo");
  options.mutable_ring()->set_packets(5);
  options.mutable_stop()->set_files(3);
  const v1::Capture capture = client().Create(options);
  SendUdp({.count = 40});
  const v1::Capture ended = client().WaitForEnd(capture.name());
  ExpectCondition(ended);
  EXPECT_EQ(ended.file_count(), 3u);
  EXPECT_EQ(NumbersOf(PacketsOf(ended)), Range(1, 15));
}

TEST_F(CaptureOptionsTest, PacketsAreBufferedInMemory) {
  v1::CaptureOptions options = CaptureOf("lo");
  options.set_buffered_packets(100'000);
  options.set_buffered_bytes(100'000'000);
  options.set_thread_per_interface(true);
  options.mutable_interfaces(0)->set_buffer_mib(8);
  options.mutable_interfaces(0)->set_promiscuous(false);
  const v1::Capture ended =
      Capture(options, {.count = 5000, .payload_size = 500});
  ExpectCondition(ended);
  EXPECT_EQ(ended.stopped().packets_dropped(), 0u);
  EXPECT_EQ(NumbersOf(PacketsOf(ended)), Range(1, 5000));
}

}  // namespace
}  // namespace dissectd
