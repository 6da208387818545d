// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/dissection.h"

#include <algorithm>
#include <climits>
#include <utility>

#include "core/base/status_macros.h"
#include "core/session/crash_reporter.h"

namespace dissectd {
namespace {

// Also a heartbeat while nothing passes the filter.
constexpr std::chrono::milliseconds kProgressInterval(500);

void AddSecrets(guint32 type, const void* secrets, guint size) {
  secrets_wtap_callback(type, secrets, size);
}

// libwireshark frees the buffer with the dissection; the bytes stay ours.
tvbuff_t* NewFrameBuffer(Record* record, const frame_data& frame) {
  // A larger length, which a hostile file may claim, would throw here.
  const guint reported = std::min<guint>(frame.pkt_len, INT_MAX);
  return tvb_new_real_data(ws_buffer_start_ptr(record->bytes()), frame.cap_len,
                           static_cast<gint>(reported));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Dissection>> Dissection::Create(
    const DissectRequest& request, CaptureFile file, const Tools& tools) {
  // Not make_unique: the constructor is private.
  std::unique_ptr<Dissection> dissection(
      new Dissection(request, std::move(file), tools));
  if (request.options.two_pass) {
    ASSIGN_OR_RETURN(dissection->read_filter_,
                     CompileDisplayFilter(request.options.read_filter));
  }
  ASSIGN_OR_RETURN(dissection->display_filter_,
                   CompileDisplayFilter(request.view.display_filter));
  if (request.view.WantsColumns()) dissection->columns_.emplace();
  dissection->PrepareEpan();
  return dissection;
}

void Dissection::PrepareEpan() {
  if (!epan_->is_open()) epan_->Open();
  ConnectFile();
  const std::string& key_log = request_.options.tls_key_log;
  if (!key_log.empty()) {
    AddSecrets(SECRETS_TYPE_TLS, key_log.data(),
               static_cast<guint>(key_log.size()));
  }
}

void Dissection::ConnectFile() {
  wtap* handle = file_.handle();
  provider_.file = handle;
  wtap_set_cb_new_ipv4(handle, add_ipv4_name);
  wtap_set_cb_new_ipv6(
      handle, reinterpret_cast<wtap_new_ipv6_callback_t>(add_ipv6_name));
  wtap_set_cb_new_secrets(handle, AddSecrets);
}

absl::Status Dissection::Run() {
  RETURN_IF_ERROR(sink_->SendHeader(file_, columns_ ? &*columns_ : nullptr));
  if (request_.options.two_pass) {
    RETURN_IF_ERROR(RunFirstPass());
    RETURN_IF_ERROR(RunSecondPass());
  } else if (live_ != nullptr) {
    RETURN_IF_ERROR(RunLive());
  } else {
    RETURN_IF_ERROR(RunOnePass());
  }
  EndReason reason = EndReason::kEndOfFile;
  const WtapError* error = nullptr;
  if (file_.error().has_value()) {
    reason = EndReason::kReadError;
    error = &*file_.error();
  } else if (limited_) {
    reason = EndReason::kLimit;
  }
  return sink_->SendEnd(reason, Totals(1), error, file_.name());
}

absl::Status Dissection::RunOnePass() {
  const EpanDissectPtr edt = NewFinalEdt();
  while (!IsOver()) {
    frame_data* frame = NextFrame();
    if (frame == nullptr) break;
    RETURN_IF_ERROR(DissectForView(edt.get(), frame));
    RETURN_IF_ERROR(MaybeSendProgress(1));
  }
  return absl::OkStatus();
}

bool Dissection::IsOver() {
  const bool last_read = request_.options.two_pass
                             ? frames_again_ >= frames_kept_
                             : LastFrameRead();
  // Both note whether a limit is the reason.
  return LastFrameSent() || last_read || end_reached_;
}

frame_data* Dissection::NextFrame() {
  frame_data* frame = &passing_frame_;
  if (request_.options.two_pass) {
    frame = frame_data_sequence_find(frames_.get(), ++frames_again_);
    end_reached_ = !file_.SeekRead(frame->file_off, &record_);
  } else {
    int64_t offset = 0;
    end_reached_ = !file_.Read(&record_, &offset);
    if (!end_reached_) {
      frame_data_init(frame, ++frames_read_, record_.rec(), offset,
                      cumulative_bytes_);
    }
  }
  return end_reached_ ? nullptr : frame;
}

absl::Status Dissection::DissectForView(epan_dissect_t* edt,
                                        frame_data* frame) {
  PrimeForView(edt);
  return DissectNext(edt, frame, columns_ ? &*columns_ : nullptr,
                     [&] { return SendFrame(edt, *frame); });
}

absl::Status Dissection::DissectNext(epan_dissect_t* edt, frame_data* frame,
                                     ColumnSet* columns,
                                     absl::FunctionRef<absl::Status()> send) {
  ProcessHostNames();
  if (!request_.options.two_pass) {
    prime_epan_dissect_with_postdissector_wanted_hfids(edt);
  }
  absl::Status status = absl::OkStatus();
  if (Dissect(edt, frame, columns, display_filter_.get())) {
    frame_data_set_after_dissect(frame, &cumulative_bytes_);
    if (InRange(frame->num)) status = send();
    previous_displayed_ = *frame;
    provider_.previous_displayed = &previous_displayed_;
  }
  previous_captured_ = *frame;
  provider_.previous_captured = &previous_captured_;
  epan_dissect_reset(edt);
  if (frame == &passing_frame_) frame_data_destroy(frame);
  return status;
}

bool Dissection::Dissect(epan_dissect_t* edt, frame_data* frame,
                         ColumnSet* columns, dfilter_t* filter) {
  frame_data_set_before_dissect(frame, &elapsed_, &provider_.reference,
                                provider_.previous_displayed);
  if (provider_.reference == frame) {
    // The frame itself is gone before the next one is dissected.
    reference_frame_ = *frame;
    provider_.reference = &reference_frame_;
  }
  CrashReporter::BeginFrame(frame->num, edt);
  epan_dissect_run_with_taps(edt, wtap_file_type_subtype(file_.handle()),
                             record_.rec(), NewFrameBuffer(&record_, *frame),
                             frame,
                             columns == nullptr ? nullptr : columns->info());
  return filter == nullptr || dfilter_apply_edt(filter, edt);
}

absl::Status Dissection::SendFrame(epan_dissect_t* edt,
                                   const frame_data& frame) {
  ColumnSet* columns = nullptr;
  if (columns_) {
    columns = &*columns_;
    epan_dissect_fill_in_columns(edt, FALSE, TRUE);
  }
  ++frames_sent_;
  return sink_->AddFrame(edt, frame, columns);
}

absl::Status Dissection::RunFirstPass() {
  frames_.reset(new_frame_data_sequence());
  provider_.frames = frames_.get();
  const EpanDissectPtr edt =
      NewBareEdt(read_filter_ != nullptr || display_filter_ != nullptr);
  int64_t offset = 0;
  while (file_.Read(&record_, &offset)) {
    ++frames_read_;
    // As in tshark, only a frame that is kept can be the last.
    if (KeepFrame(edt.get(), offset) && LastFrameRead()) break;
    RETURN_IF_ERROR(MaybeSendProgress(1));
  }
  file_.CloseSequential();
  postseq_cleanup_all_protocols();
  // The second pass starts from the first frame again.
  provider_.previous_displayed = nullptr;
  provider_.previous_captured = nullptr;
  return absl::OkStatus();
}

bool Dissection::KeepFrame(epan_dissect_t* edt, int64_t offset) {
  frame_data frame;
  frame_data_init(&frame, frames_kept_ + 1, record_.rec(), offset,
                  cumulative_bytes_);
  ProcessHostNames();
  for (dfilter_t* filter : {read_filter_.get(), display_filter_.get()}) {
    if (filter != nullptr) epan_dissect_prime_with_dfilter(edt, filter);
  }
  prime_epan_dissect_with_postdissector_wanted_hfids(edt);
  const bool kept = Dissect(edt, &frame, nullptr, read_filter_.get());
  if (kept) {
    frame_data_set_after_dissect(&frame, &cumulative_bytes_);
    const frame_data* stored = frame_data_sequence_add(frames_.get(), &frame);
    provider_.previous_captured = stored;
    provider_.previous_displayed = stored;
    if (display_filter_ != nullptr &&
        dfilter_apply_edt(display_filter_.get(), edt)) {
      g_slist_foreach(edt->pi.dependent_frames,
                      find_and_mark_frame_depended_upon, frames_.get());
    }
    ++frames_kept_;
  } else {
    frame_data_destroy(&frame);
  }
  epan_dissect_reset(edt);
  return kept;
}

// As tshark counts it for every frame that is dissected.
void Dissection::ProcessHostNames() {
  if (gbl_resolv_flags.mac_name || gbl_resolv_flags.network_name ||
      gbl_resolv_flags.transport_name) {
    host_name_lookup_process();
  }
}

bool Dissection::InRange(uint32_t number) const {
  return number >= request_.view.range.first;
}

bool Dissection::LastFrameRead() {
  const uint32_t last = request_.view.range.last;
  if (last == 0 || frames_read_ < last) return false;
  limited_ = true;
  return true;
}

bool Dissection::LastFrameSent() {
  const uint32_t limit = request_.view.range.limit;
  if (limit == 0 || frames_sent_ < limit) return false;
  limited_ = true;
  return true;
}

EpanDissectPtr Dissection::NewBareEdt(bool filtered) const {
  const bool create_tree = filtered || postdissectors_want_hfids();
  return EpanDissectPtr(epan_dissect_new(epan_->get(), create_tree, FALSE));
}

EpanDissectPtr Dissection::NewFinalEdt() {
  const View& view = request_.view;
  const bool create_tree = display_filter_ != nullptr || view.WantsNodes() ||
                           postdissectors_want_hfids() ||
                           (columns_ && columns_->NeedsTree());
  // Labels that dissectors set are only kept in a visible tree.
  const bool visible =
      view.WantsTree() ||
      (view.labels && sink_->wanted_fields().AnyHasLabelOnly());
  primes_fields_ = !visible;
  return EpanDissectPtr(epan_dissect_new(epan_->get(), create_tree, visible));
}

void Dissection::PrimeForView(epan_dissect_t* edt) {
  if (display_filter_ != nullptr) {
    epan_dissect_prime_with_dfilter(edt, display_filter_.get());
  }
  if (columns_) col_custom_prime_edt(edt, columns_->info());
  if (!primes_fields_) return;
  for (const int id : sink_->wanted_fields().ids()) {
    epan_dissect_prime_with_hfid(edt, id);
  }
}

ProgressReport Dissection::Totals(uint32_t pass) const {
  ProgressReport report;
  report.frames_read = frames_read_;
  report.frames_sent = frames_sent_;
  report.bytes_read = static_cast<uint64_t>(file_.BytesRead());
  report.bytes_total = static_cast<uint64_t>(file_.Size());
  report.pass = pass;
  return report;
}

absl::Status Dissection::MaybeSendProgress(uint32_t pass) {
  const Clock::time_point now = Clock::now();
  if (now - last_progress_ < kProgressInterval) return absl::OkStatus();
  last_progress_ = now;
  RETURN_IF_ERROR(sink_->Flush());
  return sink_->SendProgress(Totals(pass));
}

}  // namespace dissectd
