// SPDX-License-Identifier: GPL-2.0-or-later

// Tests DissectionService.DissectPackets: packets without a capture file.

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/dissection.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

// Nothing here takes this long unless something hangs.
constexpr std::chrono::seconds kDeadline(60);

std::string ContentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

uint32_t NumberAt(const std::string& bytes, size_t offset) {
  uint32_t number = 0;
  std::memcpy(&number, bytes.data() + offset, sizeof(number));
  return number;
}

// Returns the packets of a pcap file in this machine's byte order, with
// microseconds.
std::vector<v1::Packet> PacketsOf(const std::string& pcap) {
  constexpr size_t kFileHeaderBytes = 24;
  constexpr size_t kRecordHeaderBytes = 16;
  std::vector<v1::Packet> packets;
  size_t offset = kFileHeaderBytes;
  while (offset + kRecordHeaderBytes <= pcap.size()) {
    v1::Packet packet;
    packet.mutable_time()->set_seconds(NumberAt(pcap, offset));
    packet.mutable_time()->set_nanos(
        static_cast<int32_t>(NumberAt(pcap, offset + 4) * 1000));
    const uint32_t captured = NumberAt(pcap, offset + 8);
    packet.set_original_length(NumberAt(pcap, offset + 12));
    packet.set_data(pcap.substr(offset + kRecordHeaderBytes, captured));
    offset += kRecordHeaderBytes + captured;
    packets.push_back(std::move(packet));
  }
  return packets;
}

// A call that a test writes to and reads from.
class PacketsCall {
 public:
  explicit PacketsCall(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(v1::DissectionService::NewStub(channel)) {
    context_.set_deadline(std::chrono::system_clock::now() + kDeadline);
    call_ = stub_->DissectPackets(&context_);
  }

  bool Send(const v1::DissectRequest& request) {
    v1::DissectPacketsRequest message;
    *message.mutable_request() = request;
    return call_->Write(message);
  }
  bool Send(const v1::PacketBatch& packets) {
    v1::DissectPacketsRequest message;
    *message.mutable_packets() = packets;
    return call_->Write(message);
  }
  void EndInput() { call_->WritesDone(); }
  // Reads until there are `count` frames, or the answer ends.
  void ReadFrames(size_t count) {
    v1::DissectResponse response;
    while (frames_.size() < count && call_->Read(&response)) {
      for (const v1::PlainFrame& frame : response.plain_batch().frames()) {
        frames_.push_back(frame);
      }
    }
  }
  grpc::Status Finish() {
    ReadFrames(SIZE_MAX);
    return call_->Finish();
  }
  const std::vector<v1::PlainFrame>& frames() const { return frames_; }

 private:
  const std::unique_ptr<v1::DissectionService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::DissectPacketsRequest, v1::DissectResponse>>
      call_;
  std::vector<v1::PlainFrame> frames_;
};

v1::DissectRequest EverythingOfFrames() {
  v1::DissectRequest request;
  v1::View* const view = request.mutable_view();
  view->set_form(v1::FORM_PLAIN);
  view->set_tree(v1::TREE_DETAIL_FULL);
  view->set_labels(true);
  view->set_bytes(v1::BYTE_DETAIL_ALL_SOURCES);
  view->mutable_columns()->set_use_profile_columns(true);
  // Packets that are pushed have nanoseconds, whatever a file has.
  request.mutable_options()->mutable_timestamp_format()->set_precision(
      v1::TIMESTAMP_PRECISION_NANOSECOND);
  return request;
}

class DissectPacketsTest : public ::testing::Test {
 protected:
  DissectPacketsTest() : channel_(daemon_.Connect()) {}

  // Returns the reason of the error that a batch gets.
  std::string ReasonFor(const v1::PacketBatch& batch) {
    PacketsCall call(channel_);
    EXPECT_TRUE(call.Send(EverythingOfFrames()));
    EXPECT_TRUE(call.Send(batch));
    call.EndInput();
    return FailureOf(call.Finish()).reason();
  }

  DaemonProcess daemon_;
  const std::shared_ptr<grpc::Channel> channel_;
};

// The packets of a capture look as in a pcapng file that has them, whatever the
// batches: reassembly and conversations go on from packet to packet.
TEST_F(DissectPacketsTest, FramesAreThoseOfAPcapngFile) {
  constexpr size_t kPacketsInBatch = 3;
  for (const std::string name :
       {"dns.pcap", "ssh.pcap", "icmp-fragments.pcap"}) {
    const std::string pcap = "tests/captures/" + name;
    const std::string pcapng = daemon_.store().path() + "/same.pcapng";
    const std::string convert =
        absl::StrCat("editcap -F pcapng ", pcap, " ", pcapng);
    ASSERT_EQ(std::system(convert.c_str()), 0);
    v1::DissectRequest request = EverythingOfFrames();
    request.set_file("files/same.pcapng");
    std::vector<v1::PlainFrame> expected;
    for (const v1::DissectResponse& message :
         Dissect(channel_, request).messages) {
      for (const v1::PlainFrame& frame : message.plain_batch().frames()) {
        expected.push_back(frame);
      }
    }
    const std::string content = ContentOf(pcap);
    const std::vector<v1::Packet> packets = PacketsOf(content);
    ASSERT_EQ(expected.size(), packets.size()) << name;
    PacketsCall call(channel_);
    ASSERT_TRUE(call.Send(EverythingOfFrames()));
    constexpr size_t kLinkTypeOffset = 20;
    v1::PacketBatch interface;
    interface.add_interfaces()->set_link_type(
        NumberAt(content, kLinkTypeOffset));
    ASSERT_TRUE(call.Send(interface));
    for (size_t i = 0; i < packets.size(); i += kPacketsInBatch) {
      v1::PacketBatch batch;
      for (size_t j = i; j < packets.size() && j < i + kPacketsInBatch; ++j) {
        *batch.add_packets() = packets[j];
      }
      ASSERT_TRUE(call.Send(batch));
    }
    call.EndInput();
    EXPECT_TRUE(call.Finish().ok());
    ASSERT_EQ(call.frames().size(), expected.size()) << name;
    for (size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(call.frames()[i].DebugString(), expected[i].DebugString())
          << name;
    }
  }
}

v1::Packet PacketAt(int64_t seconds, const std::string& data) {
  v1::Packet packet;
  packet.set_data(data);
  packet.mutable_time()->set_seconds(seconds);
  return packet;
}

// Returns the label of the first node of a field.
std::string LabelOf(const v1::PlainFrame& frame, const std::string& field) {
  for (const v1::PlainNode& node : frame.tree()) {
    if (node.name() == field) return node.label();
  }
  return "";
}

TEST_F(DissectPacketsTest, FramesComeBeforeTheNextPackets) {
  PacketsCall call(channel_);
  ASSERT_TRUE(call.Send(EverythingOfFrames()));
  v1::PacketBatch batch;
  *batch.add_packets() = PacketAt(1'700'000'000, UdpFrame(1, 2, "one"));
  ASSERT_TRUE(call.Send(batch));
  call.ReadFrames(1);
  EXPECT_EQ(call.frames().size(), 1u);
  ASSERT_TRUE(call.Send(v1::PacketBatch()));
  ASSERT_TRUE(call.Send(batch));
  call.ReadFrames(2);
  EXPECT_EQ(call.frames().size(), 2u);
  call.EndInput();
  EXPECT_TRUE(call.Finish().ok());
}

TEST_F(DissectPacketsTest, InterfacesHaveTheirLinkTypesAndNames) {
  constexpr uint32_t kRawIp = 101;
  v1::PacketBatch batch;
  batch.add_interfaces()->set_link_type(1);
  v1::PacketInterface* const raw = batch.add_interfaces();
  raw->set_link_type(kRawIp);
  raw->set_name("tun0");
  const std::string ethernet = UdpFrame(1, 2, "payload");
  constexpr size_t kEthernetHeader = 14;
  *batch.add_packets() = PacketAt(1'700'000'000, ethernet);
  v1::Packet packet = PacketAt(1'700'000'001, ethernet.substr(kEthernetHeader));
  packet.set_interface_number(1);
  packet.set_comment("hello");
  packet.set_original_length(1500);
  *batch.add_packets() = packet;
  PacketsCall call(channel_);
  ASSERT_TRUE(call.Send(EverythingOfFrames()));
  ASSERT_TRUE(call.Send(batch));
  call.EndInput();
  ASSERT_TRUE(call.Finish().ok());
  ASSERT_EQ(call.frames().size(), 2u);
  const v1::PlainFrame& frame = call.frames()[1];
  EXPECT_EQ(frame.original_length(), 1500u);
  EXPECT_EQ(LabelOf(frame, "frame.interface_name"), "Interface name: tun0");
  EXPECT_NE(LabelOf(frame, "udp.dstport"), "");
  EXPECT_EQ(LabelOf(frame, "eth"), "");
  EXPECT_EQ(LabelOf(frame, "frame.comment"), "hello");
}

TEST_F(DissectPacketsTest, RefusesWhatIsNoPacket) {
  const std::string frame = UdpFrame(1, 2, "payload");
  v1::PacketBatch batch;
  v1::Packet* const packet = batch.add_packets();
  *packet = PacketAt(-1, frame);
  EXPECT_EQ(ReasonFor(batch), "PACKET_INVALID");
  packet->clear_time();
  EXPECT_EQ(ReasonFor(batch), "PACKET_INVALID");
  *packet = PacketAt(20'000'000'000, frame);
  EXPECT_EQ(ReasonFor(batch), "PACKET_INVALID");
  *packet = PacketAt(1, frame);
  packet->set_interface_number(1);
  EXPECT_EQ(ReasonFor(batch), "PACKET_INVALID");
  *packet = PacketAt(1, std::string(300 << 10, 'x'));
  EXPECT_EQ(ReasonFor(batch), "PACKET_INVALID");
  *packet = PacketAt(1, std::string(2 << 20, 'x'));
  EXPECT_EQ(ReasonFor(batch), "PIPE_BYTES_TOO_LARGE");
  batch.Clear();
  batch.add_interfaces();
  EXPECT_EQ(ReasonFor(batch), "PACKET_INVALID");
  PacketsCall twice(channel_);
  ASSERT_TRUE(twice.Send(EverythingOfFrames()));
  twice.Send(EverythingOfFrames());
  EXPECT_EQ(FailureOf(twice.Finish()).reason(), "PIPE_MESSAGE_UNEXPECTED");
}

}  // namespace
}  // namespace dissectd
