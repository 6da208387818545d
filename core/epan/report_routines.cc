// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/report_routines.h"

#include <cstdarg>

#include "core/epan/handles.h"
#include "core/epan/warning_collector.h"
#include "core/epan/wireshark.h"
#include "core/epan/wireshark_version.h"
#include "spdlog/spdlog.h"

namespace dissectd::engine {
namespace {

// Reports are also for the client whose settings are applied.
void ReportFailure(const char* format, va_list arguments) {
  const GCharPtr text(g_strdup_vprintf(format, arguments));
  spdlog::error("wireshark: {}", text.get());
  WarningCollector::AddReport(text.get());
}

void ReportWarning(const char* format, va_list arguments) {
  const GCharPtr text(g_strdup_vprintf(format, arguments));
  spdlog::warn("wireshark: {}", text.get());
  WarningCollector::AddReport(text.get());
}

// wiretap's errors are negative, the system's positive.
const char* TextOf(int error) {
  return error < 0 ? wtap_strerror(error) : g_strerror(error);
}

void Report(const char* action, const char* file, int error) {
  spdlog::error("wireshark: {} \"{}\": {}", action, file == nullptr ? "" : file,
                TextOf(error));
}

void ReportOpenFailure(const char* file, int error, WsBool for_writing) {
  Report(for_writing ? "can't write" : "can't open", file, error);
}

void ReportReadFailure(const char* file, int error) {
  Report("can't read", file, error);
}

void ReportWriteFailure(const char* file, int error) {
  Report("can't write", file, error);
}

// This function has to free the additional information.
void ReportCaptureOpenFailure(const char* file, int error, char* info) {
  const GCharPtr owned(info);
  Report("can't open the capture", file, error);
}

void ReportCaptureDumpOpenFailure(const char* file, int error, char* info,
                                  int) {
  const GCharPtr owned(info);
  Report("can't create the capture", file, error);
}

void ReportCaptureReadFailure(const char* file, int error, char* info) {
  const GCharPtr owned(info);
  Report("can't read the capture", file, error);
}

void ReportCaptureWriteFailure(const char*, const char* file, int error,
                               char* info, WsReportedFrame, int) {
  const GCharPtr owned(info);
  Report("can't write the capture", file, error);
}

void ReportCaptureCloseFailure(const char* file, int error, char* info) {
  const GCharPtr owned(info);
  Report("can't close the capture", file, error);
}

constexpr report_message_routines kRoutines = {
    ReportFailure,
    ReportWarning,
    ReportOpenFailure,
    ReportReadFailure,
    ReportWriteFailure,
    ReportCaptureOpenFailure,
    ReportCaptureDumpOpenFailure,
    ReportCaptureReadFailure,
    ReportCaptureWriteFailure,
    ReportCaptureCloseFailure,
};

}  // namespace

void InitReportRoutines(const char* program) {
  init_report_message(program, &kRoutines);
}

}  // namespace dissectd::engine
