// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/frame_dissector.h"

#include <algorithm>
#include <climits>
#include <string>
#include <utility>

#include "core/base/processor_time.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "core/dissection/crash_reporter.h"

namespace dissectd::engine {
namespace {

void AddSecrets(guint32 type, const void* secrets, guint size) {
  secrets_wtap_callback(type, secrets, size);
}

// libwireshark frees the buffer with the dissection, but not the bytes.
tvbuff_t* NewFrameBuffer(Record* record, const frame_data& frame) {
  // libwireshark would throw if a hostile file claimed a larger length.
  const guint reported = std::min<guint>(frame.pkt_len, INT_MAX);
  return tvb_new_real_data(ws_buffer_start_ptr(record->bytes()), frame.cap_len,
                           static_cast<gint>(reported));
}

// tshark does this for every frame that is dissected.
void ProcessHostNames() {
  if (gbl_resolv_flags.mac_name || gbl_resolv_flags.network_name ||
      gbl_resolv_flags.transport_name) {
    host_name_lookup_process();
  }
}

// Returns the number in PassPosition.
uint32_t NumberOf(Pass pass) { return pass == Pass::kSecond ? 2 : 1; }

bool ServesPostdissectors(Pass pass) { return pass != Pass::kSecond; }

}  // namespace

FrameDissector::FrameDissector(const DissectionOptions& options,
                               CaptureFile file, Epan* epan)
    : options_(options), epan_(epan) {
  files_.push_back(std::move(file));
  PrepareEpan();
}

void FrameDissector::PrepareEpan() {
  // Dissectors read their keys now.
  const ProcessorTimeBound time(kMaxPreparationTime);
  if (!epan_->is_open()) epan_->Open();
  ConnectFile();
  const std::string& key_log = options_.tls_key_log;
  if (!key_log.empty()) {
    AddSecrets(SECRETS_TYPE_TLS, key_log.data(),
               static_cast<guint>(key_log.size()));
  }
}

void FrameDissector::ConnectFile() {
  wtap* handle = file().handle();
  provider().file = handle;
  wtap_set_cb_new_ipv4(handle, add_ipv4_name);
  wtap_set_cb_new_ipv6(
      handle, reinterpret_cast<wtap_new_ipv6_callback_t>(add_ipv6_name));
  wtap_set_cb_new_secrets(handle, AddSecrets);
}

void FrameDissector::ContinueWith(CaptureFile file) {
  files_[file_] = std::move(file);
  ConnectFile();
}

void FrameDissector::Append(CaptureFile file) {
  file_ = files_.size();
  files_.push_back(std::move(file));
  ConnectFile();
}

void FrameDissector::UseFile(size_t number) {
  if (number == file_) return;
  file_ = number;
  // Its names and secrets are known.
  provider().file = file().handle();
}

void FrameDissector::PrepareFork() {
  for (CaptureFile& file : files_) file.PrepareFork();
}

absl::Status FrameDissector::ReopenAfterFork() {
  for (CaptureFile& file : files_) RETURN_IF_ERROR(file.ReopenAfterFork());
  return absl::OkStatus();
}

void FrameDissector::Reset() {
  const packet_provider_data before = provider();
  epan_->Close();
  PrepareEpan();
  provider() = before;
}

EpanDissectPtr FrameDissector::NewEdt(Pass pass, bool tree,
                                      bool visible) const {
  const bool create_tree =
      tree || (ServesPostdissectors(pass) && postdissectors_want_hfids());
  return EpanDissectPtr(epan_dissect_new(epan_->get(), create_tree, visible));
}

bool FrameDissector::Read(uint32_t number, frame_data* frame) {
  // A crash in wiretap is not the fault of the frame before.
  CrashReporter::EndFrame();
  int64_t offset = 0;
  if (!file().Read(&record_, &offset)) return false;
  ++record_number_;
  // ViewSet sets the number of bytes before the frame, which depends on the
  // view.
  frame_data_init(frame, number, record_.rec(), offset, /*cum_bytes=*/0);
  return true;
}

bool FrameDissector::ReadAgain(const frame_data& frame) {
  CrashReporter::EndFrame();
  record_number_ = frame.num;
  return file().SeekRead(frame.file_off, &record_);
}

void FrameDissector::Dissect(Pass pass, epan_dissect_t* edt, frame_data* frame,
                             ColumnSet* columns) {
  ProcessHostNames();
  if (ServesPostdissectors(pass)) {
    prime_epan_dissect_with_postdissector_wanted_hfids(edt);
  }
  SetTimes(frame);
  CrashReporter::BeginFrame({NumberOf(pass), record_number_}, frame->num, edt);
  const auto run =
      pass == Pass::kFirst ? epan_dissect_run : epan_dissect_run_with_taps;
  run(edt, wtap_file_type_subtype(file().handle()), record_.rec(),
      NewFrameBuffer(&record_, *frame), frame,
      columns == nullptr ? nullptr : columns->info());
}

void FrameDissector::SetTimes(frame_data* frame) {
  packet_provider_data& known = provider();
  frame_data_set_before_dissect(frame, &elapsed_, &known.reference,
                                known.previous_displayed);
  if (known.reference == frame) {
    // Copies the frame, which is freed before the next one is dissected.
    reference_frame_ = *frame;
    known.reference = &reference_frame_;
    if (first_reference_.num == 0) first_reference_ = *frame;
  }
}

void FrameDissector::Skip(frame_data* frame) {
  SetTimes(frame);
  previous_captured_ = *frame;
  provider().previous_captured = &previous_captured_;
}

void FrameDissector::Rewind() {
  packet_provider_data& known = provider();
  known.previous_displayed = nullptr;
  known.previous_captured = nullptr;
  reference_frame_ = first_reference_;
  known.reference = first_reference_.num == 0 ? nullptr : &reference_frame_;
}

void FrameDissector::Finish(epan_dissect_t* edt, const frame_data& frame) {
  previous_captured_ = frame;
  provider().previous_captured = &previous_captured_;
  epan_dissect_reset(edt);
}

ProgressReport FrameDissector::Totals(uint32_t frames_read) const {
  ProgressReport report;
  report.frames_read = frames_read;
  report.bytes_read = static_cast<uint64_t>(file().BytesRead());
  report.bytes_total = static_cast<uint64_t>(file().Size());
  return report;
}

}  // namespace dissectd::engine
