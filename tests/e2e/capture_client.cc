// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/capture_client.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "tests/decoding/plain_frames.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/network_namespace.h"

namespace dissectd {
namespace {

constexpr std::chrono::seconds kTimeout(60);

// The headers of Ethernet, IPv4 and UDP.
constexpr size_t kHeaderBytes = 14 + 20 + 8;

constexpr uint32_t kPcapMagic = 0xa1b2c3d4;
constexpr uint32_t kPcapngSectionHeader = 0x0a0d0d0a;
constexpr uint32_t kPcapngEnhancedPacket = 6;

// dumpcap writes in the byte order of the machine.
uint32_t NumberAt(const std::string& bytes, size_t offset) {
  uint32_t number = 0;
  EXPECT_LE(offset + sizeof(number), bytes.size()) << "cut short";
  if (offset + sizeof(number) <= bytes.size()) {
    std::memcpy(&number, bytes.data() + offset, sizeof(number));
  }
  return number;
}

std::vector<StoredPacket> ReadPcap(const std::string& bytes) {
  std::vector<StoredPacket> packets;
  for (size_t at = 24; at < bytes.size();) {
    const uint32_t captured = NumberAt(bytes, at + 8);
    EXPECT_LE(at + 16 + captured, bytes.size()) << "cut short";
    packets.push_back(
        {0, bytes.substr(at + 16, captured), NumberAt(bytes, at + 12)});
    at += 16 + captured;
  }
  return packets;
}

std::vector<StoredPacket> ReadPcapng(const std::string& bytes) {
  std::vector<StoredPacket> packets;
  for (size_t at = 0; at < bytes.size();) {
    const uint32_t length = NumberAt(bytes, at + 4);
    EXPECT_LE(at + length, bytes.size()) << "cut short";
    if (length < 12 || at + length > bytes.size()) break;
    EXPECT_EQ(NumberAt(bytes, at + length - 4), length);
    if (NumberAt(bytes, at) == kPcapngEnhancedPacket) {
      packets.push_back({NumberAt(bytes, at + 8),
                         bytes.substr(at + 28, NumberAt(bytes, at + 20)),
                         NumberAt(bytes, at + 24)});
    }
    at += length;
  }
  return packets;
}

v1::CreateCaptureRequest RequestWith(const v1::CaptureOptions& options) {
  v1::CreateCaptureRequest request;
  *request.mutable_options() = options;
  return request;
}

}  // namespace

v1::CaptureOptions CaptureOf(const std::string& interface) {
  v1::CaptureOptions options;
  v1::InterfaceOptions* added = options.add_interfaces();
  added->set_name(interface);
  added->set_capture_filter(kUdpFilter);
  return options;
}

v1::CaptureOptions CaptureOfPackets(uint64_t packets) {
  v1::CaptureOptions options = CaptureOf("lo");
  options.mutable_stop()->set_packets(packets);
  return options;
}

void CaptureClient::SetDeadline(grpc::ClientContext* context) {
  context->set_deadline(std::chrono::system_clock::now() + kTimeout);
}

v1::Capture CaptureClient::Create(const v1::CaptureOptions& options) const {
  v1::CreateCaptureResponse response;
  const grpc::Status status = Call(&v1::CaptureService::Stub::CreateCapture,
                                   RequestWith(options), &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.capture();
}

grpc::Status CaptureClient::TryCreate(const v1::CaptureOptions& options) const {
  v1::CreateCaptureResponse response;
  return Call(&v1::CaptureService::Stub::CreateCapture, RequestWith(options),
              &response);
}

v1::Capture CaptureClient::Get(const std::string& name) const {
  v1::GetCaptureRequest request;
  request.set_name(name);
  v1::GetCaptureResponse response;
  const grpc::Status status =
      Call(&v1::CaptureService::Stub::GetCapture, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.capture();
}

grpc::Status CaptureClient::TryGet(const std::string& name) const {
  v1::GetCaptureRequest request;
  request.set_name(name);
  v1::GetCaptureResponse response;
  return Call(&v1::CaptureService::Stub::GetCapture, request, &response);
}

std::vector<v1::Capture> CaptureClient::List() const {
  v1::ListCapturesResponse response;
  const grpc::Status status = Call(&v1::CaptureService::Stub::ListCaptures,
                                   v1::ListCapturesRequest(), &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.next_page_token(), "");
  return {response.captures().begin(), response.captures().end()};
}

std::vector<v1::CaptureFile> CaptureClient::Files(
    const std::string& name) const {
  std::vector<v1::CaptureFile> files;
  v1::ListCaptureFilesRequest request;
  request.set_name(name);
  do {
    v1::ListCaptureFilesResponse response;
    const grpc::Status status =
        Call(&v1::CaptureService::Stub::ListCaptureFiles, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    files.insert(files.end(), response.files().begin(), response.files().end());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return files;
}

v1::Capture CaptureClient::Stop(const std::string& name,
                                v1::StopMode mode) const {
  v1::StopCaptureRequest request;
  request.set_name(name);
  request.set_mode(mode);
  v1::StopCaptureResponse response;
  const grpc::Status status =
      Call(&v1::CaptureService::Stub::StopCapture, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.capture();
}

grpc::Status CaptureClient::Delete(const std::string& name,
                                   bool delete_files) const {
  v1::DeleteCaptureRequest request;
  request.set_name(name);
  request.set_delete_files(delete_files);
  v1::DeleteCaptureResponse response;
  return Call(&v1::CaptureService::Stub::DeleteCapture, request, &response);
}

std::vector<v1::CaptureEvent> CaptureClient::Watch(
    const std::string& name, uint64_t after_sequence) const {
  v1::WatchCaptureRequest request;
  request.set_name(name);
  request.set_after_sequence(after_sequence);
  grpc::ClientContext context;
  SetDeadline(&context);
  const auto reader = stub_->WatchCapture(&context, request);
  std::vector<v1::CaptureEvent> events;
  v1::WatchCaptureResponse response;
  while (reader->Read(&response)) events.push_back(response.event());
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  return events;
}

v1::Capture CaptureClient::WaitForPackets(const std::string& name,
                                          uint64_t packets) const {
  v1::Capture capture;
  WaitFor("packets", [&] {
    capture = Get(name);
    return capture.name().empty() || capture.packets_written() >= packets;
  });
  return capture;
}

v1::Capture CaptureClient::WaitForEnd(const std::string& name) const {
  v1::Capture capture;
  WaitFor("the end of a capture", [&] {
    capture = Get(name);
    return capture.name().empty() || capture.has_stopped();
  });
  return capture;
}

pid_t DumpcapOf(const std::vector<v1::CaptureEvent>& events) {
  for (const v1::CaptureEvent& event : events) {
    if (event.has_started()) return event.started().process_id();
  }
  return 0;
}

std::string PathInStore(const std::string& store, const std::string& file) {
  EXPECT_EQ(file.rfind("files/", 0), 0u) << file;
  return store + file.substr(std::strlen("files"));
}

std::vector<StoredPacket> ReadStoredPackets(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  if (bytes.empty()) return {};
  const uint32_t magic = NumberAt(bytes, 0);
  if (magic == kPcapngSectionHeader) return ReadPcapng(bytes);
  EXPECT_EQ(magic, kPcapMagic) << path;
  return ReadPcap(bytes);
}

std::vector<uint32_t> NumbersOf(const std::vector<StoredPacket>& packets) {
  std::vector<uint32_t> numbers;
  for (const StoredPacket& packet : packets) {
    if (packet.bytes.size() < kHeaderBytes + 4) {
      ADD_FAILURE() << "a packet of " << packet.bytes.size() << " bytes";
      continue;
    }
    const std::string payload = packet.bytes.substr(kHeaderBytes);
    uint32_t number = 0;
    for (size_t i = 0; i < 4; ++i) {
      number = number << 8 | static_cast<unsigned char>(payload[i]);
    }
    EXPECT_EQ(payload, UdpPayload(number, payload.size())) << number;
    EXPECT_EQ(packet.original_length, packet.bytes.size()) << number;
    numbers.push_back(number);
  }
  return numbers;
}

std::vector<uint32_t> Range(uint32_t first, uint32_t count) {
  std::vector<uint32_t> numbers;
  for (uint32_t i = 0; i < count; ++i) numbers.push_back(first + i);
  return numbers;
}

v1::DissectRequest LiveDissection::RequestFor(const std::string& capture) {
  v1::DissectRequest request;
  request.set_capture(capture);
  return request;
}

LiveDissection::LiveDissection(const std::shared_ptr<grpc::Channel>& channel,
                               const v1::DissectRequest& request)
    : stub_(v1::DissectionService::NewStub(channel)) {
  CaptureClient::SetDeadline(&context_);
  reader_ = stub_->Dissect(&context_, request);
  thread_ = std::thread([this] { Read(); });
}

LiveDissection::~LiveDissection() {
  Cancel();
  thread_.join();
}

void LiveDissection::Read() {
  v1::DissectResponse response;
  while (reader_->Read(&response)) {
    const std::lock_guard<std::mutex> lock(mutex_);
    frames_ += static_cast<size_t>(response.batch().frames_size());
    messages_.push_back(std::move(response));
    changed_.notify_all();
  }
  const grpc::Status status = reader_->Finish();
  const std::lock_guard<std::mutex> lock(mutex_);
  status_ = status;
  ended_ = true;
  changed_.notify_all();
}

void LiveDissection::WaitUntil(const char* what,
                               const std::function<bool()>& condition) {
  std::unique_lock<std::mutex> lock(mutex_);
  EXPECT_TRUE(
      changed_.wait_for(lock, kTimeout, [&] { return ended_ || condition(); }))
      << "waited in vain for " << what;
}

void LiveDissection::WaitForFrames(size_t count) {
  WaitUntil("frames", [&] { return frames_ >= count; });
}

void LiveDissection::WaitForHeader() {
  WaitUntil("the header", [&] { return !messages_.empty(); });
}

grpc::Status LiveDissection::Finish() {
  WaitUntil("the end of a dissection", [] { return false; });
  const std::lock_guard<std::mutex> lock(mutex_);
  return status_;
}

std::vector<v1::DissectResponse> LiveDissection::Messages() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return messages_;
}

std::vector<v1::PlainFrame> LiveDissection::Frames() {
  return PlainFrames(Messages());
}

std::vector<uint32_t> LiveDissection::FrameNumbers() {
  std::vector<uint32_t> numbers;
  for (const v1::PlainFrame& frame : Frames()) {
    numbers.push_back(frame.number());
  }
  return numbers;
}

std::vector<v1::FramesLost> LiveDissection::Lost() {
  std::vector<v1::FramesLost> lost;
  for (const v1::DissectResponse& message : Messages()) {
    if (message.has_lost()) lost.push_back(message.lost());
  }
  return lost;
}

v1::StreamEnd LiveDissection::End() {
  const std::vector<v1::DissectResponse> messages = Messages();
  if (messages.empty() || !messages.back().has_end()) {
    ADD_FAILURE() << "the stream doesn't end";
    return v1::StreamEnd();
  }
  return messages.back().end();
}

}  // namespace dissectd
